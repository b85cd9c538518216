//! What became of a run and of its tasks.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::Value;

use crate::store::RunId;
use crate::{FailureClass, State};

/// What became of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunReport {
    /// The id, by which the store knows the run.
    pub id: RunId,
    /// How the run ended.
    pub state: State,
    /// What there is to say about the end, besides what the tasks say.
    pub message: Option<String>,
    /// How long it took.
    pub duration: Duration,
    /// The outputs of the pipeline; empty unless the run succeeded.
    pub outputs: BTreeMap<String, Value>,
    /// The tasks, in the order in which they ended.
    pub tasks: Vec<TaskReport>,
}

/// What became of a task.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskReport {
    /// The names that lead to the task, joined by `/`: unique in the run.
    pub path: String,
    /// The id of the task in its pipeline.
    pub id: String,
    /// The name of the task.
    pub name: String,
    /// What kind of task it is.
    pub kind: Kind,
    /// How it ended.
    pub state: State,
    /// The start, in milliseconds since 1970 (UTC); nothing where it was never started.
    pub started_at: Option<i64>,
    /// How long it took, all attempts together.
    pub duration: Duration,
    /// The number of attempts in this run.
    pub attempts: u32,
    /// What it gave, by name.
    pub outputs: BTreeMap<String, Value>,
    /// Why it failed, or was not run.
    pub message: Option<String>,
    /// The exit code of the last attempt, where that failed.
    pub exit_code: Option<i32>,
    /// The kind of failure.
    pub class: Option<FailureClass>,
    /// The last lines that the last attempt printed, where that failed.
    pub log_tail: Vec<String>,
    /// The whole log of the last attempt.
    pub log: Option<PathBuf>,
}

/// What kind of task a task is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A call of a component: a process, where the run is no rehearsal.
    Step,
    /// A call of a pipeline.
    Pipeline,
    /// A choice between regions.
    Branch,
    /// A region for each item of a list.
    Loop,
    /// A region and what runs after it.
    ExitHandler,
    /// A pause until somebody approves.
    Approval,
    /// An artifact from outside.
    Import,
}

impl RunReport {
    /// The task of that path or, where no path is like that, the first one of that name.
    pub fn task(&self, name: &str) -> Option<&TaskReport> {
        let by_path = self.tasks.iter().find(|task| task.path == name);
        by_path.or_else(|| self.tasks.iter().find(|task| task.name == name))
    }
}

impl TaskReport {
    /// Whether the task is one that people follow: a step, an approval, or anything that failed by itself and not
    /// because of what is within it.
    pub fn is_notable(&self) -> bool {
        matches!(self.kind, Kind::Step | Kind::Approval) || self.class.is_some()
    }
}

impl Kind {
    /// The name of the kind, as the store writes it.
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
