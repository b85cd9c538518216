//! Executing one attempt of a step in a separate process.
//!
//! The main type is [`Attempt`]: it prepares the process, runs it until it ends and reads its outputs. In tests, a
//! simulation replaces the process. The scheduler decides when to start, retry and stop attempts.

mod attempt;
mod binary;
mod child;
mod container;
mod container_variables;
mod event;
mod files;
mod group;
mod input;
mod layout;
mod log;
mod outcome;
mod outputs;
mod program;
mod python;
mod uv;

pub(crate) use attempt::{Attempt, AttemptResult, failure_of};
pub(crate) use binary::Binary;
pub(crate) use container::Engine;
pub(crate) use event::StepEvent;
pub(crate) use group::Group;
pub(crate) use layout::Layout;
pub use log::tail;
pub(crate) use program::Program;
pub(crate) use python::Interpreter;
