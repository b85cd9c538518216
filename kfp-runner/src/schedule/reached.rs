//! What a preview has found out about steps.

use std::collections::{BTreeMap, BTreeSet};

use crate::State;
use crate::cache::{CacheKey, Objects, Parts};
use crate::store::{Cached, Store, StoreError};

/// The state of a preview.
pub(crate) struct Preview<'e> {
    /// The store with cached results, if there is one.
    store: Option<&'e Store>,
    /// What was found out about steps that have started, by path.
    pub(super) steps: BTreeMap<String, Reached>,
    /// The labels of the steps that would run, by key.
    pub(super) first: BTreeMap<String, String>,
}

/// A step, and what a run would do with it.
pub(crate) struct ReachedStep {
    pub(crate) path: String,
    pub(crate) label: String,
    pub(crate) reached: Reached,
}

/// How far a run would get with a step before any other step has run.
#[derive(Debug, Clone)]
pub(crate) enum Reached {
    /// It has a cached result.
    Hit { created_at: i64 },
    /// A step that would run has the same key.
    SharedHit { with: String },
    /// No cached result can be used.
    Miss { key: CacheKey, files_missing: bool },
    /// Its result is not cached.
    NotCached { reason: String },
    /// It waits for these tasks.
    Waiting { stores: Stores, is_certain: bool, waits_for: Vec<String> },
    /// It ended without running.
    Ended { state: State, message: String },
}

/// Which results a step that waits would store.
#[derive(Debug, Clone)]
pub(crate) enum Stores {
    /// None.
    Nothing,
    /// One, with these parts of its key besides the inputs.
    Result(Parts),
    /// Those of the components with these names, which a called pipeline runs.
    ResultsOf(BTreeSet<String>),
}

impl<'e> Preview<'e> {
    /// Creates the preview of a run that reads the results of this store.
    pub(crate) fn new(store: Option<&'e Store>) -> Self {
        Self { store, steps: BTreeMap::new(), first: BTreeMap::new() }
    }

    /// Returns the result of the key, and whether its files exist.
    pub(super) fn look_up(&self, key: &str, max_age: u64) -> Result<Option<(Cached, bool)>, StoreError> {
        let Some(store) = self.store else { return Ok(None) };
        let Some(found) = store.cached(key, max_age)? else { return Ok(None) };
        let exists = |digest: &String| Objects::path_in(store.folder(), digest).exists();
        let has_files = found.files.values().all(exists);
        Ok(Some((found, has_files)))
    }
}
