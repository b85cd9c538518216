//! Random pipelines of everything that a document can express, valid by construction.
//!
//! [`pipeline`] makes one of [`Choices`], which are random numbers or a list of them, so that [`shrunk`] finds a small
//! pipeline with the same fault. A pipeline calls steps whose outcome is known: they return what their inputs say, or
//! fail as their input `act` says. Nothing here runs anything.

mod choices;
mod expressions;
mod generator;
mod pipelines;
mod policies;
mod scope;
mod types;

pub use choices::{Choices, shrunk};
pub use pipelines::{NAME, RandomPipeline, pipeline};
