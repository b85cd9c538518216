//! Random pipelines, valid by construction: all kinds of tasks except imports and approvals, and steps in Rust.
//!
//! [`pipeline`] builds one from [`Choices`], which are random numbers or a list of them, so that [`shrunk`] finds a
//! small pipeline with the same fault. The called steps have known outcomes: they return what their inputs
//! determine, or fail as their input `act` requests. Nothing here runs anything.

mod choices;
mod expressions;
mod generator;
mod limits;
mod pipelines;
mod policies;
mod scope;
mod types;

pub use choices::{Choices, shrunk};
pub use pipelines::{NAME, RandomPipeline, pipeline};
