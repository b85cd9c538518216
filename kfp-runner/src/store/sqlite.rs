//! The SQLite store as the recorder of a run.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::recorder::{AttemptEnd, Cached, NewRun, Origin, Previous, Programs, Recorder, TaskEnd, TaskStart};
use super::{RunId, Store, StoreError};
use crate::State;
use crate::cache::CacheKey;
use crate::claim::Claim;
use crate::process::Identity;

impl Recorder for Store {
    fn folder(&self) -> &Path {
        Self::folder(self)
    }

    fn begin_run(&mut self, run: &NewRun<'_>) -> Result<(RunId, Claim), StoreError> {
        Self::begin_run(self, run)
    }

    fn claim(&self, id: &RunId) -> Result<Option<Claim>, StoreError> {
        Self::claim(self, id)
    }

    fn origin_of(&self, id: &RunId) -> Result<Origin, StoreError> {
        Self::origin_of(self, id)
    }

    fn state_of(&self, id: &RunId) -> Result<State, StoreError> {
        Ok(self.run(id)?.state)
    }

    fn take_over(&mut self, id: &RunId, programs: &Programs) -> Result<(), StoreError> {
        Self::take_over(self, id, programs)
    }

    fn live_processes(&self, id: &RunId) -> Result<Vec<Identity>, StoreError> {
        Self::live_processes(self, id)
    }

    fn open_attempts(&self, id: &RunId) -> Result<Vec<(String, u32)>, StoreError> {
        Self::open_attempts(self, id)
    }

    fn previous(&mut self, id: &RunId) -> Result<Previous, StoreError> {
        Self::previous(self, id)
    }

    fn end_run(&mut self, id: &RunId, state: State, message: Option<&str>) -> Result<(), StoreError> {
        Self::end_run(self, id, state, message)
    }

    fn begin_task(&mut self, id: &RunId, task: &TaskStart<'_>) -> Result<(), StoreError> {
        Self::begin_task(self, id, task)
    }

    fn end_task(&mut self, id: &RunId, task: &TaskEnd<'_>) -> Result<(), StoreError> {
        Self::end_task(self, id, task)
    }

    fn begin_attempt(&mut self, id: &RunId, path: &str, attempt: u32) -> Result<(), StoreError> {
        Self::begin_attempt(self, id, path, attempt)
    }

    fn record_process(
        &mut self,
        id: &RunId,
        path: &str,
        attempt: u32,
        process: &Identity,
    ) -> Result<(), StoreError> {
        Self::record_process(self, id, path, attempt, process)
    }

    fn end_attempt(&mut self, id: &RunId, attempt: &AttemptEnd<'_>) -> Result<(), StoreError> {
        Self::end_attempt(self, id, attempt)
    }

    fn cached(&self, key: &str, max_age_seconds: u64) -> Result<Option<Cached>, StoreError> {
        Self::cached(self, key, max_age_seconds)
    }

    fn keep(
        &mut self,
        key: &CacheKey,
        run: &RunId,
        path: &str,
        outputs: &BTreeMap<String, Value>,
        files: &BTreeMap<String, String>,
    ) -> Result<Vec<String>, StoreError> {
        Self::keep(self, key, run, path, outputs, files)
    }

    fn forget(&mut self, key: &str, result: &Cached) -> Result<Vec<String>, StoreError> {
        Self::forget(self, key, result)
    }
}
