//! Events of a run in progress.

use std::path::PathBuf;
use std::time::Duration;

use crate::report::{Kind, TaskReport};
use crate::store::RunId;
use crate::{Failure, State};

/// An event of a run. Progress displays need nothing else.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The run starts or is resumed.
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
        /// The programs that run the steps and have changed since, such as `the Python interpreter`. Finished steps
        /// do not run again.
        changed: Vec<String>,
    },
    /// The run is being cancelled.
    Cancelling {
        /// The time that running steps have to end.
        grace: Duration,
    },
    /// The number of steps and approvals is known, or has changed: loops and recursive calls add theirs when they start.
    TotalChanged {
        /// The number of steps and approvals that are known so far, including those that have ended.
        steps: usize,
    },
    /// A task starts.
    TaskStarted {
        /// The names on the path to the task, joined by `/`.
        path: String,
        /// The path as shown to users, with the items of loops.
        label: String,
        /// The name of the task.
        name: String,
        /// The kind of task.
        kind: Kind,
    },
    /// An attempt of a step failed.
    AttemptFailed {
        /// The names on the path to the task, joined by `/`.
        path: String,
        /// The path as shown to users, with the items of loops.
        label: String,
        /// The number of the attempt, counted from 1.
        attempt: u32,
        /// Why it failed.
        failure: Failure,
        /// The time until the next attempt; `None` if this was the last one.
        retry_in: Option<Duration>,
    },
    /// The installation of the Python packages of a step starts.
    InstallStarted {
        /// The names on the path to the task, joined by `/`.
        path: String,
        /// The path as shown to users, with the items of loops.
        label: String,
        /// The number of packages that the step declares.
        packages: usize,
        /// The file to which the output of the installation is written.
        log: PathBuf,
    },
    /// The Python packages of a step are installed.
    InstallFinished {
        /// The names on the path to the task, joined by `/`.
        path: String,
        /// The path as shown to users, with the items of loops.
        label: String,
        /// The number of packages that the step declares.
        packages: usize,
        /// The duration of the installation.
        duration: Duration,
        /// The last line that the installation printed.
        last_line: Option<String>,
    },
    /// A warning about a task that has not failed.
    Notice {
        /// The names on the path to the task, joined by `/`.
        path: String,
        /// The path as shown to users, with the items of loops.
        label: String,
        /// The text, in one line.
        message: String,
    },
    /// A task has ended, or will not run.
    TaskFinished(TaskReport),
    /// The run has ended.
    RunFinished {
        /// The id of the run.
        id: RunId,
        /// The final state.
        state: State,
    },
}
