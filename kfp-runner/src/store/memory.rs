//! A recorder in memory, for the runs of tests.
//!
//! It keeps what a run needs to continue after an interruption, and cached results. Runs cannot be listed, and end with
//! the process. Values are stored as text, as in the SQLite store, so both return the same values.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use kfp_model::value;
use serde_json::Value;

use super::recorder::{AttemptEnd, Cached, NewRun, Origin, Previous, Programs, Recorder, TaskEnd, TaskStart};
use super::{RunId, StoreError};
use crate::State;
use crate::cache::CacheKey;
use crate::claim::Claim;
use crate::clock;
use crate::process::Identity;

/// A store in memory, with a folder for the files of its runs.
#[derive(Debug)]
pub(crate) struct MemoryStore {
    folder: PathBuf,
    runs: BTreeMap<RunId, Run>,
    /// The cached results by key.
    results: BTreeMap<String, CachedText>,
}

#[derive(Debug)]
struct Run {
    origin: Origin,
    state: State,
    /// The tasks by path.
    tasks: BTreeMap<String, Task>,
    /// Whether each attempt is open, by the path of the task and the number of the attempt.
    attempts: BTreeMap<(String, u32), bool>,
}

#[derive(Debug)]
struct Task {
    position: i64,
    /// Whether its outputs are those of a process or a person, and cannot be computed again.
    is_source: bool,
    state: State,
    /// The outputs as JSON.
    outputs: BTreeMap<String, String>,
}

#[derive(Debug)]
struct CachedText {
    run: RunId,
    /// The outputs as a JSON object.
    outputs: String,
    files: BTreeMap<String, String>,
    created_at: i64,
}

impl MemoryStore {
    /// Creates an empty store, with files in the existing folder.
    pub(crate) fn new(folder: &Path) -> Result<Self, StoreError> {
        let folder = folder.canonicalize().map_err(|cause| StoreError::files(folder, cause))?;
        Ok(Self { folder, runs: BTreeMap::new(), results: BTreeMap::new() })
    }

    fn run(&self, id: &RunId) -> Result<&Run, StoreError> {
        self.runs.get(id).ok_or_else(|| unknown(id))
    }

    fn run_mut(&mut self, id: &RunId) -> Result<&mut Run, StoreError> {
        self.runs.get_mut(id).ok_or_else(|| unknown(id))
    }

    /// Returns the digests to which no result refers.
    fn unused(&self, mut digests: Vec<String>) -> Vec<String> {
        let is_used = |digest: &String| {
            self.results.values().any(|result| result.files.values().any(|used| used == digest))
        };
        digests.retain(|digest| !is_used(digest));
        digests
    }
}

impl Recorder for MemoryStore {
    fn folder(&self) -> &Path {
        &self.folder
    }

    fn begin_run(&mut self, run: &NewRun<'_>) -> Result<(RunId, Claim), StoreError> {
        loop {
            let id = RunId::new();
            let Some(claim) = self.claim(&id)? else { continue };
            let origin = Origin {
                digest: run.digest.to_owned(),
                arguments: run.arguments.clone(),
                programs: run.programs.clone(),
            };
            let new =
                Run { origin, state: State::Running, tasks: BTreeMap::new(), attempts: BTreeMap::new() };
            self.runs.insert(id.clone(), new);
            return Ok((id, claim));
        }
    }

    fn claim(&self, id: &RunId) -> Result<Option<Claim>, StoreError> {
        let locks = self.folder.join("locks");
        Claim::take(&locks, id.as_str()).map_err(|cause| StoreError::files(&self.folder, cause))
    }

    fn origin_of(&self, id: &RunId) -> Result<Origin, StoreError> {
        Ok(self.run(id)?.origin.clone())
    }

    fn state_of(&self, id: &RunId) -> Result<State, StoreError> {
        Ok(self.run(id)?.state)
    }

    fn take_over(&mut self, id: &RunId, programs: &Programs) -> Result<(), StoreError> {
        let run = self.run_mut(id)?;
        run.state = State::Running;
        run.origin.programs.clone_from(programs);
        Ok(())
    }

    fn live_processes(&self, _: &RunId) -> Result<Vec<Identity>, StoreError> {
        Ok(Vec::new())
    }

    fn open_attempts(&self, id: &RunId) -> Result<Vec<(String, u32)>, StoreError> {
        let open = self.run(id)?.attempts.iter().filter(|(_, is_open)| **is_open);
        Ok(open.map(|(attempt, _)| attempt.clone()).collect())
    }

    fn previous(&mut self, id: &RunId) -> Result<Previous, StoreError> {
        let run = self.run_mut(id)?;
        let mut previous = Previous::default();
        for (path, task) in &run.tasks {
            previous.position = previous.position.max(task.position + 1);
            if task.is_source && matches!(task.state, State::Succeeded | State::Cached) {
                let decoded = |(name, text): (&String, &String)| {
                    (name.clone(), value::decode(text).unwrap_or(Value::Null))
                };
                previous.outputs.insert(path.clone(), task.outputs.iter().map(decoded).collect());
            }
        }
        for ((path, attempt), is_open) in &mut run.attempts {
            *is_open = false;
            let last = previous.attempts.entry(path.clone()).or_default();
            *last = (*last).max(*attempt);
        }
        Ok(previous)
    }

    fn end_run(&mut self, id: &RunId, state: State, _: Option<&str>) -> Result<(), StoreError> {
        self.run_mut(id)?.state = state;
        Ok(())
    }

    fn begin_task(&mut self, id: &RunId, task: &TaskStart<'_>) -> Result<(), StoreError> {
        let new = || Task {
            position: task.position,
            is_source: ["step", "import", "approval"].contains(&task.kind),
            state: State::Running,
            outputs: BTreeMap::new(),
        };
        self.run_mut(id)?.tasks.entry(task.path.to_owned()).or_insert_with(new).state = State::Running;
        Ok(())
    }

    fn end_task(&mut self, id: &RunId, task: &TaskEnd<'_>) -> Result<(), StoreError> {
        if let Some(recorded) = self.run_mut(id)?.tasks.get_mut(task.path) {
            recorded.state = task.state;
            let encoded = task.outputs.iter().map(|(name, output)| (name.clone(), value::encode(output)));
            recorded.outputs.extend(encoded);
        }
        Ok(())
    }

    fn begin_attempt(&mut self, id: &RunId, path: &str, attempt: u32) -> Result<(), StoreError> {
        self.run_mut(id)?.attempts.insert((path.to_owned(), attempt), true);
        Ok(())
    }

    fn record_process(&mut self, _: &RunId, _: &str, _: u32, _: &Identity) -> Result<(), StoreError> {
        Ok(())
    }

    fn end_attempt(&mut self, id: &RunId, attempt: &AttemptEnd<'_>) -> Result<(), StoreError> {
        self.run_mut(id)?.attempts.insert((attempt.path.to_owned(), attempt.attempt), false);
        Ok(())
    }

    fn cached(&self, key: &str, max_age_seconds: u64) -> Result<Option<Cached>, StoreError> {
        let max_age = i64::try_from(max_age_seconds).unwrap_or(i64::MAX).saturating_mul(1000);
        let now = clock::now();
        let is_fresh = |result: &&CachedText| {
            result.created_at > now.saturating_sub(max_age) && result.created_at <= now
        };
        let Some(result) = self.results.get(key).filter(is_fresh) else { return Ok(None) };
        let Ok(Value::Object(outputs)) = value::decode(&result.outputs) else { return Ok(None) };
        let CachedText { run, files, created_at, .. } = result;
        Ok(Some(Cached {
            run: run.clone(),
            outputs: outputs.into_iter().collect(),
            files: files.clone(),
            created_at: *created_at,
        }))
    }

    fn keep(
        &mut self,
        key: &CacheKey,
        run: &RunId,
        _: &str,
        outputs: &BTreeMap<String, Value>,
        files: &BTreeMap<String, String>,
    ) -> Result<Vec<String>, StoreError> {
        let outputs = value::encode(&Value::Object(outputs.clone().into_iter().collect()));
        let new = CachedText { run: run.clone(), outputs, files: files.clone(), created_at: clock::now() };
        let before = self.results.insert(key.digest.clone(), new);
        Ok(self.unused(before.map(|before| before.files.into_values().collect()).unwrap_or_default()))
    }

    fn forget(&mut self, key: &str, result: &Cached) -> Result<Vec<String>, StoreError> {
        if self.results.get(key).is_none_or(|current| current.created_at != result.created_at) {
            return Ok(Vec::new());
        }
        let before = self.results.remove(key);
        Ok(self.unused(before.map(|before| before.files.into_values().collect()).unwrap_or_default()))
    }
}

fn unknown(id: &RunId) -> StoreError {
    StoreError::NoRun { run: id.to_string(), similar: Vec::new() }
}
