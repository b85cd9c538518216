//! Failures of steps.

use kfp_model::FailureClass;

use crate::State;

/// The failure of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// [`State::Failed`] if the step ran, [`State::Error`] if it could not be started.
    pub state: State,
    /// The class of the failure, which decides on retries.
    pub class: FailureClass,
    /// The message for the user.
    pub message: String,
    /// The exit code; 128 plus the number of the signal if a signal ended the step.
    pub exit_code: Option<i32>,
}

impl Failure {
    /// Creates the failure of a step that ran and produced unusable output.
    pub(crate) fn data(message: impl Into<String>) -> Self {
        Self { state: State::Failed, class: FailureClass::Data, message: message.into(), exit_code: None }
    }

    /// Creates the failure of a step that cannot be started, also not on a retry.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { state: State::Error, class: FailureClass::Permanent, message: message.into(), exit_code: None }
    }
}
