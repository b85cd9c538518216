//! What a picture of a run shows about its tasks.

use std::collections::BTreeMap;

use kfp_model::TaskId;

/// The marks of the tasks of a pipeline. Tasks without one are drawn as in a picture without a run.
pub type Marks = BTreeMap<TaskId, Mark>;

/// What a picture shows about a task of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How the task ended, which decides its colour.
    pub outcome: Outcome,
    /// A short text below the name of the task, such as `succeeded, 1.5s`.
    pub text: String,
}

/// How a task of a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It has not started.
    Pending,
    /// It did not run, as it was not needed or a dependency failed.
    Skipped,
    /// It succeeded.
    Succeeded,
    /// Its result was taken from the cache.
    Cached,
    /// It is running.
    Running,
    /// It was ended before it was complete.
    Cancelled,
    /// The process that ran it was killed.
    Interrupted,
    /// It failed.
    Failed,
}

impl Outcome {
    /// Returns the name of the outcome, in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Skipped => "skipped",
            Self::Succeeded => "succeeded",
            Self::Cached => "cached",
            Self::Running => "running",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
        }
    }

    /// Returns the colours of the outcome: for the area, and for the border and text.
    pub(super) fn colours(self) -> (&'static str, &'static str) {
        match self {
            Self::Pending => ("#ffffff", "#6b7684"),
            Self::Skipped => ("#eef0f2", "#6b7684"),
            Self::Succeeded => ("#e3f4e6", "#2b7a3d"),
            Self::Cached => ("#def2f3", "#2f7f86"),
            Self::Running => ("#e2edfa", "#3b6ea5"),
            Self::Cancelled | Self::Interrupted => ("#fbeedd", "#a5661f"),
            Self::Failed => ("#fbe5e3", "#b3261e"),
        }
    }
}
