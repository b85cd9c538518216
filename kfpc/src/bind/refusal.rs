//! Why a function cannot be bound.

use std::fmt;

/// Why a function cannot be a step.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(super) message: String,
    /// The line in the file.
    pub(super) line: Option<u64>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Refusal {
    pub(super) fn new(message: impl Into<String>, line: u64) -> Self {
        Self { message: message.into(), line: Some(line) }
    }

    /// Returns the line of the problem in the file, if there is one.
    pub(crate) fn line(&self) -> Option<u64> {
        self.line
    }
}
