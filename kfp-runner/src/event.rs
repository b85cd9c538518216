//! What is told of a run while it happens.

use std::path::PathBuf;
use std::time::Duration;

use crate::report::{Kind, TaskReport};
use crate::store::RunId;
use crate::{Failure, State};

/// Something that happened in a run. Whoever shows progress reads these and asks for nothing else.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The run begins, or goes on.
    RunStarted {
        /// The id of the run.
        id: RunId,
        /// The folder with the files of the run.
        folder: PathBuf,
    },
    /// The run continues one that was interrupted or did not succeed. Comes after `RunStarted`.
    RunResumed {
        /// The id of the run.
        id: RunId,
        /// The number of tasks whose results are kept.
        finished: usize,
        /// What runs the steps and has changed since, such as `the Python interpreter`. Finished steps are not
        /// run again because of it.
        changed: Vec<String>,
    },
    /// The run is being cancelled.
    Cancelling {
        /// How long the running steps have to end by themselves.
        grace: Duration,
    },
    /// A task begins.
    TaskStarted {
        /// The names that lead to the task, joined by `/`.
        path: String,
        /// The name of the task.
        name: String,
        /// What kind of task it is.
        kind: Kind,
    },
    /// An attempt of a step failed.
    AttemptFailed {
        /// The names that lead to the task, joined by `/`.
        path: String,
        /// The number of the attempt, counted from 1.
        attempt: u32,
        /// Why it failed.
        failure: Failure,
        /// How long it is until the next attempt; nothing where this was the last one.
        retry_in: Option<Duration>,
    },
    /// Something about a task that its author may want to know, although nothing has failed.
    Notice {
        /// The names that lead to the task, joined by `/`.
        path: String,
        /// What it is, in one line.
        message: String,
    },
    /// A task has ended, or will not be run.
    TaskFinished(TaskReport),
    /// The run has ended.
    RunFinished {
        /// The id of the run.
        id: RunId,
        /// How it ended.
        state: State,
    },
}
