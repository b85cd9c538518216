//! Runs that are killed at random moments, and steps that try to outlive them.
//!
//! Every process that a step starts has the path of the test folder in its arguments, so leftover processes are
//! found without the help of kfpc.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cancelled;
mod fixture;
mod killed;
mod preparing;
mod read_only;
