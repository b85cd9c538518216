//! Prints the plan as Argo objects: graphs, steps with their pods, and the workflow.

pub(super) mod cache;
pub(super) mod container;
pub(super) mod copy;
pub(super) mod executor_input;
pub(super) mod graph;
pub(super) mod parameters;
pub(super) mod resources;
pub(super) mod retry;
pub(super) mod step;
pub(super) mod workflow;
