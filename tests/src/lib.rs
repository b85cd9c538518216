//! Helpers of the tests that need several crates: programs, folders, a listener for webhooks.
//!
//! Nothing here asserts anything.

mod example;
mod listener;
mod programs;

pub use example::{Ended, HOSTILE, Run, row};
pub use listener::Listener;
pub use programs::{Programs, workspace};
