//! Carrying out one attempt of one step, as a process of its own.
//!
//! The main type is [`Attempt`]: it knows all that the process needs, runs it to its end and reads what it
//! leaves. A rehearsal has something else do what the process would. When to try, to try again and to stop is decided elsewhere.

mod attempt;
mod binary;
mod child;
mod container;
mod container_variables;
mod files;
mod group;
mod input;
mod layout;
mod log;
mod outcome;
mod outputs;
mod program;
mod python;

pub(crate) use attempt::{Attempt, Ended, failure_of};
pub(crate) use binary::Binary;
pub(crate) use container::Engine;
pub(crate) use group::Group;
pub(crate) use layout::Layout;
pub(crate) use log::tail;
pub(crate) use program::Program;
pub(crate) use python::Interpreter;
