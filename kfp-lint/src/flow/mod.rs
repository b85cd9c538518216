//! How control flows through the tasks of one template: which waits for which, and how they may end.

mod exclusive;
mod graph;
mod outcome;
mod reach;

pub(crate) use graph::{Edge, Graph};
pub(crate) use outcome::{ERRORED, Ends, FAILED, OMITTED, Outcomes, SKIPPED};
