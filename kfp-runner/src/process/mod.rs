//! Processes of steps: which process a number refers to, and how to find and end the ones a run has left.
//!
//! Process ids are reused, so a process is identified by its id and start time. Processes of a run are found by a
//! variable in their environment, see [`MARKER`]. The facts come from `/proc`. On systems without it, no process is
//! recognised and none is ended.

mod identity;
mod marked;
mod table;

pub(crate) use identity::Identity;
pub(crate) use marked::{MARKER, end_marked};
#[cfg(target_os = "linux")]
pub(crate) use table::descendants;
