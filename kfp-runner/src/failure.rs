//! Why a step failed, and what follows from it.

use std::fmt;

use serde_json::{Value, json};

use crate::State;

/// What kind of failure it is, which decides whether trying again may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The data is wrong (exit code 10): never tried again.
    Data,
    /// Trying again cannot help (exit code 11): never tried again.
    Permanent,
    /// It may be gone next time (exit code 75).
    Transient,
    /// Nothing is known about it.
    Unknown,
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// [`State::Failed`] where the step ran, [`State::Error`] where it could not be started.
    pub state: State,
    /// The kind of failure.
    pub class: Class,
    /// What went wrong, for people.
    pub message: String,
    /// The exit code; 128 and the number of the signal where a signal ended the step.
    pub exit_code: Option<i32>,
}

impl Class {
    /// The class that an exit code stands for.
    pub fn of_exit_code(code: i32) -> Self {
        match code {
            10 => Self::Data,
            11 => Self::Permanent,
            75 => Self::Transient,
            _ => Self::Unknown,
        }
    }

    /// The name of the class in termination logs and in the final status.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Data => "data",
            Self::Permanent => "permanent",
            Self::Transient => "transient",
            Self::Unknown => "unknown",
        }
    }

    /// Whether a step that has retries left is tried again.
    pub fn may_retry(self) -> bool {
        matches!(self, Self::Transient | Self::Unknown)
    }

    pub(crate) fn from_name(name: &str) -> Option<Self> {
        [Self::Data, Self::Permanent, Self::Transient, Self::Unknown]
            .into_iter()
            .find(|class| class.as_str() == name)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Failure {
    /// The step ran and left what cannot be used.
    pub(crate) fn data(message: impl Into<String>) -> Self {
        Self { state: State::Failed, class: Class::Data, message: message.into(), exit_code: None }
    }

    /// The step could not be started, for a reason that stays.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self { state: State::Error, class: Class::Permanent, message: message.into(), exit_code: None }
    }

    /// The failure as an entry of the final status of a guard.
    pub(crate) fn to_value(&self, task: &str) -> Value {
        json!({
            "task": task,
            "message": self.message,
            "exit_code": self.exit_code,
            "class": self.class.as_str(),
        })
    }
}
