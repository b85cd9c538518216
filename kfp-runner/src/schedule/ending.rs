//! What is recorded about the end of a task, in addition to its state and outputs.

use std::path::PathBuf;

use crate::Failure;

/// Details of the end of a task, in addition to its state and outputs.
#[derive(Default)]
pub(super) struct Ending {
    pub(super) failure: Option<Failure>,
    pub(super) message: Option<String>,
    pub(super) attempts: u32,
    pub(super) log: Option<PathBuf>,
    /// Whether an earlier part of the run has already recorded it.
    pub(super) recorded: bool,
}

impl Ending {
    pub(super) fn message(message: impl Into<String>) -> Self {
        Self { message: Some(message.into()), ..Self::default() }
    }

    pub(super) fn failure(failure: Failure) -> Self {
        Self { failure: Some(failure), ..Self::default() }
    }
}
