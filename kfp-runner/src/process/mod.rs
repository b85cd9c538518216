//! Processes of steps: identifies processes, and finds and ends those that a run has left.
//!
//! Process ids are reused, so a process is identified by its id and start time. Processes of a run are found by a
//! variable in their environment, see [`MARKER`]. All information comes from `/proc`. On systems without it, no process
//! is found or ended.

mod identity;
mod marked;
mod table;

pub(crate) use identity::Identity;
pub(crate) use marked::{MARKER, end_marked};
#[cfg(target_os = "linux")]
pub(crate) use table::descendants;
