//! Helpers for tests that need several crates: programs, terminals, folders, a webhook listener, oracles, the
//! conformance set as data, and random pipelines.
//!
//! Nothing here asserts anything.

pub mod attack;
pub mod conformance;
mod example;
pub mod large;
mod listener;
mod oracle;
mod programs;
pub mod pty;
pub mod random;
pub mod repository;

pub use example::{FinishedRun, HOSTILE, Run, row};
pub use listener::Listener;
pub use oracle::Oracle;
pub use programs::{Programs, workspace};
