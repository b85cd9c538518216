//! Differences between two pipelines, and which cached results can be reused.
//!
//! The main functions are [`diff`], for checked programs, and [`diff_manifests`], for Argo manifests. Both flatten
//! their input into facts about subjects and compare these, so that order makes no difference, and in pipelines neither
//! descriptions nor source locations. [`text`] and [`markdown`] format the result; nothing is printed here.

mod compare;
mod fact;
mod facts;
mod flatten;
mod labels;
mod manifests;
mod rerun;
mod steps;
mod write;

use serde::Serialize;

pub use manifests::diff_manifests;
pub use write::{markdown, text};

use crate::check::Program;

/// The changes between two pipelines, and their effects on cached results.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The changes of the root pipeline, then of the pipelines that it calls, by name.
    pub changes: Vec<Change>,
    /// The effects on each step of the later pipeline, in a possible execution order.
    pub effects: Vec<Effect>,
}

/// One addition, removal or change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The name of the pipeline, or the kind and name of the manifest.
    pub within: String,
    /// The subject of the change.
    pub subject: Subject,
    /// The kind of the change.
    pub kind: ChangeKind,
    /// The changed facts; for an addition or removal, all facts.
    pub facts: Vec<FactChange>,
}

/// The subject of a change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The pipeline or manifest itself.
    Whole,
    /// A parameter, by name.
    Parameter(String),
    /// An output, by name.
    Output(String),
    /// A task, by the names on the path to it in a pipeline, or by `TEMPLATE/TASK` in a manifest.
    Task(String),
    /// A template of a manifest, by name.
    Template(String),
}

/// The kind of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// The subject was added.
    Added,
    /// The subject was removed.
    Removed,
    /// The subject was renamed from this name and is otherwise unchanged.
    Renamed(String),
    /// Facts of the subject have changed.
    Changed,
}

/// A changed fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactChange {
    /// The name of the fact, such as `image` or `resources.memory`.
    pub fact: String,
    /// The earlier value; `None` if it was not set.
    pub before: Option<String>,
    /// The later value; `None` if it is not set.
    pub after: Option<String>,
}

/// The effect of the changes on a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// The path of the step: the ids of the calls and of the step, joined by `/`.
    pub step: String,
    /// Whether the step runs again.
    pub verdict: Verdict,
    /// The reason.
    pub because: String,
}

/// Whether a step runs if the later pipeline runs after the earlier one, with the same arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The cached result is used.
    StaysCached,
    /// The cached result is used if the inputs of the step have the same values.
    MayRunAgain,
    /// The step runs again.
    RunsAgain,
    /// The step runs in each run, because its results are not cached.
    AlwaysRuns,
}

impl Difference {
    /// Whether there are no changes.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// Compares two programs.
pub fn diff(before: &Program<'_>, after: &Program<'_>) -> Difference {
    let changes = compare::compare(facts::of_pipelines(before), facts::of_pipelines(after));
    Difference { changes, effects: rerun::effects(before, after) }
}
