//! Runs that are killed at random moments, and steps that try to outlive them.
//!
//! Every process that a step starts has the path of the test's folder in its arguments, so what is left is found
//! without the help of kfpc.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod cancelled;
mod killed;
mod preparing;
mod read_only;
mod scene;
