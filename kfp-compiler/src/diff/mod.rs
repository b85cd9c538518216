//! Differences: what changed between two pipelines, and which results can be used again.
//!
//! The main functions are [`diff`], for two checked programs, and [`diff_manifests`], for manifests of Argo. Both
//! flatten what they compare into facts about subjects and compare those, so that the order in which
//! things are written down, descriptions and places in source files make no difference. Nothing is printed here;
//! [`text`] and [`markdown`] write what was found.

mod compare;
mod fact;
mod facts;
mod flatten;
mod manifests;
mod rerun;
mod steps;
mod write;

use serde::Serialize;

pub use manifests::diff_manifests;
pub use write::{markdown, text};

use crate::check::Program;

/// What changed, and what that means for results that are kept.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// What changed: the pipeline that was compared first, then those that it calls, by name.
    pub changes: Vec<Change>,
    /// Each step of the later pipeline, in an order in which they may run.
    pub effects: Vec<Effect>,
}

/// One thing that was added, removed or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The pipeline, or the manifest, that it belongs to.
    pub within: String,
    /// What it is.
    pub subject: Subject,
    /// What happened to it.
    pub kind: ChangeKind,
    /// What is different: everything that is known of what was added or removed.
    pub facts: Vec<FactChange>,
}

/// What a change is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The pipeline or manifest itself.
    Whole,
    /// A parameter, by its name.
    Parameter(String),
    /// An output, by its name.
    Output(String),
    /// A task, by its id in a pipeline, or as `TEMPLATE/TASK` in a manifest.
    Task(String),
    /// A template of a manifest, by its name.
    Template(String),
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It was called this, and is the same but for its name.
    Renamed(String),
    /// Something about it is different.
    Changed,
}

/// One fact before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactChange {
    /// What the fact is about, as `image` or `resources.memory`.
    pub fact: String,
    /// What it was; nothing where it was not said.
    pub before: Option<String>,
    /// What it is; nothing where it is not said.
    pub after: Option<String>,
}

/// What happens to the kept result of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Effect {
    /// The step: ids of the calls that lead to it and its own, joined by `/`.
    pub step: String,
    /// What happens.
    pub verdict: Verdict,
    /// Why.
    pub because: String,
}

/// What happens when the later pipeline runs where the earlier one has run with the same arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The kept result is used.
    StaysCached,
    /// The kept result is used if what is computed before comes out the same.
    MayRunAgain,
    /// It runs.
    RunsAgain,
    /// It runs each time, as nothing of it is kept.
    AlwaysRuns,
}

impl Difference {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }
}

/// What changed from one pipeline to another.
pub fn diff(before: &Program<'_>, after: &Program<'_>) -> Difference {
    let changes = compare::compare(facts::of_pipelines(before), facts::of_pipelines(after));
    Difference { changes, effects: rerun::effects(before, after) }
}
