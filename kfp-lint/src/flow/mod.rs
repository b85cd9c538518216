//! The control flow between the tasks of a template: dependencies and possible outcomes.

mod exclusive;
mod graph;
mod outcome;
mod reach;

pub(crate) use graph::{Edge, Graph};
pub(crate) use outcome::{ERRORED, FAILED, OMITTED, OutcomeSet, SKIPPED, TaskOutcomes};
