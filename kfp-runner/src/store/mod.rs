//! The run store: records runs while they happen, and keeps the files beside the records.
//!
//! The main type is [`Store`], an SQLite database. Recorded data survive the end of this process at any time, and several
//! processes may use a store at once. Runs of tests are recorded in a [`MemoryStore`] instead, which needs no C code; a run
//! only sees the [`Recorder`]. The store does not start processes or make decisions.

#[cfg(feature = "store")]
mod cache;
#[cfg(feature = "store")]
mod contents;
mod error;
mod id;
mod memory;
#[cfg(feature = "store")]
mod migrations;
#[cfg(feature = "store")]
mod open;
#[cfg(feature = "store")]
mod query;
#[cfg(feature = "store")]
mod read_only;
#[cfg(feature = "store")]
mod record;
mod recorder;
#[cfg(feature = "store")]
mod remove;
#[cfg(feature = "store")]
mod resume;
#[cfg(feature = "store")]
mod sqlite;
#[cfg(feature = "store")]
mod values;

#[cfg(feature = "store")]
pub(crate) use cache::KnownKey;
#[cfg(feature = "store")]
pub use contents::{CacheEntry, CacheEntryKind, Pruned};
pub use error::StoreError;
pub use id::{RunId, RunIdError};
pub(crate) use memory::MemoryStore;
#[cfg(feature = "store")]
pub use open::Store;
#[cfg(feature = "store")]
pub use query::{Metric, RunSummary, TaskSummary};
pub(crate) use recorder::{AttemptEnd, Cached, NewRun, Previous, Programs, Recorder, TaskEnd, TaskStart};
