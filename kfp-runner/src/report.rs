//! Reports of runs and tasks.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::store::RunId;
use crate::{FailureClass, State};

/// The report of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// The id of the run in the store.
    pub id: RunId,
    /// The final state.
    pub state: State,
    /// A message about the end of the run, in addition to the messages of tasks.
    pub message: Option<String>,
    /// The total duration.
    pub duration: Duration,
    /// The outputs of the pipeline; empty unless the run succeeded.
    pub outputs: BTreeMap<String, Value>,
    /// The tasks, in the order in which they ended.
    pub tasks: Vec<TaskReport>,
}

/// The report of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskReport {
    /// The names on the path to the task, joined by `/`. Unique in the run.
    pub path: String,
    /// The path as shown to users: the names as the author wrote them, with the items of loops, such as
    /// `for-each[kind=svm]/train`.
    pub label: String,
    /// The id of the task in its pipeline.
    pub id: String,
    /// The name of the task.
    pub name: String,
    /// The kind of task.
    pub kind: Kind,
    /// The final state.
    pub state: State,
    /// The start, in milliseconds since 1970 (UTC); `None` if the task did not start.
    pub started_at: Option<i64>,
    /// The duration, including all attempts.
    pub duration: Duration,
    /// The number of attempts in this run.
    pub attempts: u32,
    /// The run that computed the outputs, if they were cached.
    pub cached_from: Option<RunId>,
    /// The outputs by name.
    pub outputs: BTreeMap<String, Value>,
    /// Why the task failed or did not run.
    pub message: Option<String>,
    /// The exit code of the last attempt, if it failed.
    pub exit_code: Option<i32>,
    /// The class of the failure.
    pub class: Option<FailureClass>,
    /// The last lines that the last attempt printed, if it failed.
    pub log_tail: Vec<String>,
    /// The path of the complete log of the last attempt.
    pub log: Option<PathBuf>,
}

/// The kind of a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A call of a component, which is a process except in tests.
    Step,
    /// A call of a pipeline.
    Pipeline,
    /// A choice between regions by conditions.
    Branch,
    /// A region for each item of a list.
    Loop,
    /// A region and the exit handler that runs after it.
    ExitHandler,
    /// A pause until an approver answers.
    Approval,
    /// An artifact from outside the pipeline.
    Import,
}

impl RunReport {
    /// Returns the task with that path, else the first task with that name.
    pub fn task(&self, name: &str) -> Option<&TaskReport> {
        let by_path = self.tasks.iter().find(|task| task.path == name);
        by_path.or_else(|| self.tasks.iter().find(|task| task.name == name))
    }
}

impl TaskReport {
    /// Returns whether the task is of interest to users: a step, an approval, or any task that failed itself and not
    /// because of a task within it.
    pub fn is_notable(&self) -> bool {
        matches!(self.kind, Kind::Step | Kind::Approval) || self.class.is_some()
    }
}

impl Kind {
    /// Returns the name of the kind in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Pipeline => "pipeline",
            Self::Branch => "branch",
            Self::Loop => "loop",
            Self::ExitHandler => "exit handler",
            Self::Approval => "approval",
            Self::Import => "import",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
