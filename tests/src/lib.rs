//! Helpers of the tests that need several crates: programs, folders, a listener for webhooks.
//!
//! Nothing here asserts anything.

mod listener;
mod programs;

pub use listener::Listener;
pub use programs::{Programs, workspace};
