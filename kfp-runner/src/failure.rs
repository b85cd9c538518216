//! Why a step failed, and what follows from it.

use kfp_model::FailureClass;

use crate::State;

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// [`State::Failed`] where the step ran, [`State::Error`] where it could not be started.
    pub state: State,
    /// The kind of failure.
    pub class: FailureClass,
    /// What went wrong, for people.
    pub message: String,
    /// The exit code; 128 and the number of the signal where a signal ended the step.
    pub exit_code: Option<i32>,
}

impl Failure {
    /// The step ran and left what cannot be used.
    pub(crate) fn data(message: impl Into<String>) -> Self {
        Self { state: State::Failed, class: FailureClass::Data, message: message.into(), exit_code: None }
    }

    /// The step could not be started, for a reason that stays.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { state: State::Error, class: FailureClass::Permanent, message: message.into(), exit_code: None }
    }
}
