//! Files of cached results, and claims on results that are being computed.
//!
//! The main type is [`Objects`], the files by digest. The scheduler computes the keys of results, and the store maps
//! keys to files.

mod key;
mod objects;
mod result;

#[cfg(feature = "store")]
pub(crate) use key::is_input;
pub(crate) use key::{CacheKey, KeyContext, Parts, input_part, short};
pub(crate) use objects::{Objects, RestoreError};
pub(crate) use result::{FinishedStep, StoredFiles, restore};
