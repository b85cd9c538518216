//! The runner as a whole: pipelines whose steps are functions of a test program, run as processes.

#![expect(clippy::unwrap_used, reason = "a test fails at the first unexpected value")]

mod approvals;
mod cache;
mod cancel;
mod containers;
mod damaged_store;
mod exit_handlers;
mod failures;
mod labels;
mod preview;
mod python;
mod resume;
mod scheduling;
mod secrets;
mod special_files;
mod supervised;
mod support;
mod totals;
mod values;
