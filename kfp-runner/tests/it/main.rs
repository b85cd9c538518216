//! The runner as a whole: pipelines of a stand-in's steps, run as processes.

#![expect(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

mod approvals;
mod broken;
mod cache;
mod cancel;
mod containers;
mod failures;
mod guards;
mod odd_files;

mod python;
mod resume;
mod scheduling;
mod secrets;
mod supervised;
mod support;
mod values;
