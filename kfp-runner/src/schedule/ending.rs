//! What is recorded about the end of a task, in addition to its state and outputs.

use std::path::PathBuf;

use crate::Failure;
use crate::store::RunId;

/// Details of the end of a task, in addition to its state and outputs.
#[derive(Default)]
pub(super) struct Ending {
    pub(super) failure: Option<Failure>,
    pub(super) message: Option<String>,
    pub(super) attempts: u32,
    pub(super) log: Option<PathBuf>,
    /// The run that computed the outputs, if they were cached.
    pub(super) cached_from: Option<RunId>,
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

    pub(super) fn cached(run: RunId) -> Self {
        Self { cached_from: Some(run), ..Self::default() }
    }
}
