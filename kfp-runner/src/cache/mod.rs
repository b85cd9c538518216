//! Files of cached results, and claims on results that are being computed.
//!
//! The main type is [`Objects`], the files by their digests. What a result is keyed by is decided by the scheduler;
//! which files belong to which key is in the store.

mod objects;
mod result;

pub(crate) use objects::{Loss, Objects};
pub(crate) use result::{Filed, Finished, restore};
