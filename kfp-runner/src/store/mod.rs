//! The run store: an SQLite database that records runs while they happen, and the files beside it.
//!
//! The main type is [`Store`]. Recorded data survive the end of this process at any time, and several processes may use
//! a store at once. The store does not start processes or make decisions.

mod cache;
mod contents;
mod error;
mod id;
mod migrations;
mod open;
mod query;
mod read_only;
mod record;
mod remove;
mod resume;
mod values;

pub(crate) use cache::Cached;
pub use contents::{CacheEntry, CacheEntryKind};
pub use error::StoreError;
pub use id::{RunId, RunIdError};
pub use open::Store;
pub use query::{Metric, RunSummary, TaskSummary};
pub(crate) use record::{AttemptEnd, NewRun, TaskEnd, TaskStart};
pub(crate) use resume::{Previous, Programs};
