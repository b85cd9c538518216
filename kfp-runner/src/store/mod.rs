//! The run store: one SQLite file that runs are written to as they happen, and the files beside it.
//!
//! The main type is [`Store`]. What is written is safe from the end of this process at any time; several
//! processes may use one store at once. This module starts nothing and decides nothing.

mod cache;
mod error;
mod id;
mod look;
mod migrations;
mod open;
mod query;
mod record;
mod resume;
mod values;

pub(crate) use cache::Cached;
pub use error::StoreError;
pub use id::{RunId, RunIdError};
pub use open::Store;
pub use query::{Metric, RunSummary, TaskSummary};
pub(crate) use record::{AttemptEnd, NewRun, TaskEnd, TaskStart};
pub(crate) use resume::{Previous, Programs};
