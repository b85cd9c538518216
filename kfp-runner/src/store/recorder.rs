//! The interface between a run and the place where it is recorded.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::{RunId, StoreError};
use crate::State;
use crate::cache::CacheKey;
use crate::claim::Claim;
use crate::failure::Failure;
use crate::process::Identity;

/// The digests and versions of the programs that run steps, by their names in messages.
pub(crate) type Programs = BTreeMap<String, String>;

/// The initial data of a run.
#[cfg_attr(not(feature = "store"), expect(dead_code, reason = "runs in memory cannot be listed"))]
pub(crate) struct NewRun<'a> {
    pub(crate) pipeline: &'a str,
    pub(crate) version: Option<&'a str>,
    /// The digest of the pipelines and components.
    pub(crate) digest: &'a str,
    /// The pipeline document as JSON.
    pub(crate) document: &'a str,
    pub(crate) arguments: String,
    /// The programs that run the steps.
    pub(crate) programs: &'a Programs,
}

/// The initial data of a task, whether or not it starts.
#[cfg_attr(not(feature = "store"), expect(dead_code, reason = "runs in memory cannot be listed"))]
pub(crate) struct TaskStart<'a> {
    pub(crate) path: &'a str,
    pub(crate) label: &'a str,
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) position: i64,
    /// Whether the task starts.
    pub(crate) started: bool,
    pub(crate) cache_key: Option<&'a str>,
    pub(crate) inputs: &'a BTreeMap<String, Value>,
}

/// The end of a task.
#[cfg_attr(not(feature = "store"), expect(dead_code, reason = "runs in memory cannot be listed"))]
pub(crate) struct TaskEnd<'a> {
    pub(crate) path: &'a str,
    pub(crate) state: State,
    pub(crate) failure: Option<&'a Failure>,
    pub(crate) message: Option<&'a str>,
    pub(crate) outputs: &'a BTreeMap<String, Value>,
    /// Whether the task has produced its outputs itself, as steps do.
    pub(crate) is_producer: bool,
    /// The run that computed the outputs, if they were cached.
    pub(crate) cached_from: Option<&'a RunId>,
}

/// The end of an attempt.
#[cfg_attr(not(feature = "store"), expect(dead_code, reason = "runs in memory cannot be listed"))]
pub(crate) struct AttemptEnd<'a> {
    pub(crate) path: &'a str,
    pub(crate) attempt: u32,
    pub(crate) state: State,
    pub(crate) failure: Option<&'a Failure>,
}

/// The data that a run started with.
#[derive(Debug, Clone)]
pub(crate) struct Origin {
    /// The digest of the pipeline.
    pub(crate) digest: String,
    pub(crate) arguments: String,
    /// Empty if the run was recorded by a version that did not record them.
    pub(crate) programs: Programs,
}

/// The results of the earlier part of a run.
#[derive(Debug, Default)]
pub(crate) struct Previous {
    /// The outputs of the completed steps and approvals, by the paths of their tasks.
    pub(crate) outputs: BTreeMap<String, BTreeMap<String, Value>>,
    /// The number of attempts of each task.
    pub(crate) attempts: BTreeMap<String, u32>,
    /// The number of recorded tasks.
    pub(crate) position: i64,
}

/// A cached result.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Cached {
    /// The run that computed the result.
    pub(crate) run: RunId,
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The digests of the files of outputs, by output.
    pub(crate) files: BTreeMap<String, String>,
    /// The creation time, in milliseconds since 1970 (UTC), which distinguishes successive results of a key.
    pub(super) created_at: i64,
}

#[cfg(feature = "store")]
impl Cached {
    /// Returns the creation time, in milliseconds since 1970 (UTC).
    pub(crate) fn created_at(&self) -> i64 {
        self.created_at
    }
}

/// Records a run and the results that other runs may reuse.
pub(crate) trait Recorder {
    /// Returns the folder for the files of runs, as an absolute path.
    fn folder(&self) -> &Path;

    /// Records the start of a run, which is running as long as the claim is held.
    fn begin_run(&mut self, run: &NewRun<'_>) -> Result<(RunId, Claim), StoreError>;

    /// Claims a run, which is running as long as the claim is held. Returns `None` if another process has claimed it.
    fn claim(&self, id: &RunId) -> Result<Option<Claim>, StoreError>;

    /// Returns the data that the run started with.
    fn origin_of(&self, id: &RunId) -> Result<Origin, StoreError>;

    /// Returns the state of a run.
    fn state_of(&self, id: &RunId) -> Result<State, StoreError>;

    /// Records that a claimed run is running again.
    ///
    /// The caller ends the processes that the run has left, see [`Recorder::live_processes`].
    fn take_over(&mut self, id: &RunId, programs: &Programs) -> Result<(), StoreError>;

    /// Returns the process groups of attempts whose end was not recorded.
    fn live_processes(&self, id: &RunId) -> Result<Vec<Identity>, StoreError>;

    /// Returns the attempts whose end was not recorded: the paths of their tasks, and their numbers.
    fn open_attempts(&self, id: &RunId) -> Result<Vec<(String, u32)>, StoreError>;

    /// Returns the results of the run so far, and marks its open attempts as interrupted.
    fn previous(&mut self, id: &RunId) -> Result<Previous, StoreError>;

    /// Records the end of a run.
    fn end_run(&mut self, id: &RunId, state: State, message: Option<&str>) -> Result<(), StoreError>;

    /// Records the start of a task, with its inputs.
    fn begin_task(&mut self, id: &RunId, task: &TaskStart<'_>) -> Result<(), StoreError>;

    /// Records the end of a task, with its outputs.
    fn end_task(&mut self, id: &RunId, task: &TaskEnd<'_>) -> Result<(), StoreError>;

    /// Records the start of an attempt.
    fn begin_attempt(&mut self, id: &RunId, path: &str, attempt: u32) -> Result<(), StoreError>;

    /// Records the process of an attempt.
    fn record_process(
        &mut self,
        id: &RunId,
        path: &str,
        attempt: u32,
        process: &Identity,
    ) -> Result<(), StoreError>;

    /// Records the end of an attempt.
    fn end_attempt(&mut self, id: &RunId, attempt: &AttemptEnd<'_>) -> Result<(), StoreError>;

    /// Returns the result that was cached under the key within the last `max_age_seconds`.
    ///
    /// A result from the future counts as expired: the clock was set back since, so its age is unknown.
    fn cached(&self, key: &str, max_age_seconds: u64) -> Result<Option<Cached>, StoreError>;

    /// Stores the result of a step, and replaces an earlier one. Its files must already be stored.
    ///
    /// Returns the digests of files that no result refers to.
    fn keep(
        &mut self,
        key: &CacheKey,
        run: &RunId,
        path: &str,
        outputs: &BTreeMap<String, Value>,
        files: &BTreeMap<String, String>,
    ) -> Result<Vec<String>, StoreError>;

    /// Removes a result whose files have changed, unless it has been replaced since.
    ///
    /// Returns the digests of files that no result refers to.
    fn forget(&mut self, key: &str, result: &Cached) -> Result<Vec<String>, StoreError>;
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use tempfile::TempDir;

    use super::*;
    use crate::store::MemoryStore;

    const HOUR: u64 = 3600;

    /// Returns each kind of recorder, with its folder.
    fn recorders() -> Vec<(TempDir, Box<dyn Recorder>)> {
        type Open = fn(&Path) -> Box<dyn Recorder>;
        let open: &[Open] = &[
            |folder| Box::new(MemoryStore::new(folder).unwrap()),
            #[cfg(feature = "store")]
            |folder| Box::new(crate::store::Store::open(folder).unwrap()),
        ];
        let in_new_folder = |open: &Open| {
            let folder = tempfile::tempdir().unwrap();
            let recorder = open(folder.path());
            (folder, recorder)
        };
        open.iter().map(in_new_folder).collect()
    }

    fn map<T: Clone>(name: &str, value: &T) -> BTreeMap<String, T> {
        BTreeMap::from([(name.to_owned(), value.clone())])
    }

    #[test]
    fn an_interrupted_run_continues_with_the_results_of_its_steps() {
        for (_folder, mut store) in recorders() {
            let programs = map("python", &"3.12".to_owned());
            let arguments = "{}".to_owned();
            let run = NewRun {
                pipeline: "p",
                version: None,
                digest: "d",
                document: "{}",
                arguments,
                programs: &programs,
            };
            let (id, claim) = store.begin_run(&run).unwrap();
            assert!(store.claim(&id).unwrap().is_none());
            let no_inputs = BTreeMap::new();
            for (position, (path, kind, state)) in [
                ("done", "step", Some(State::Succeeded)),
                ("cached", "step", Some(State::Cached)),
                ("failed", "step", Some(State::Failed)),
                ("loop", "loop", Some(State::Succeeded)),
                ("open", "step", None),
            ]
            .into_iter()
            .enumerate()
            {
                let position = i64::try_from(position).unwrap();
                let (id_of_task, name) = (path, path);
                let start = TaskStart {
                    label: path,
                    path,
                    id: id_of_task,
                    name,
                    kind,
                    position,
                    started: true,
                    cache_key: None,
                    inputs: &no_inputs,
                };
                store.begin_task(&id, &start).unwrap();
                store.begin_attempt(&id, path, 1).unwrap();
                let Some(state) = state else { continue };
                store.end_attempt(&id, &AttemptEnd { path, attempt: 1, state, failure: None }).unwrap();
                let outputs = map("rate", &json!(2.0));
                let end = TaskEnd {
                    path,
                    state,
                    failure: None,
                    message: None,
                    outputs: &outputs,
                    is_producer: true,
                    cached_from: None,
                };
                store.end_task(&id, &end).unwrap();
            }
            store.begin_attempt(&id, "failed", 2).unwrap();
            drop(claim);
            let _claim = store.claim(&id).unwrap().unwrap();
            let origin = store.origin_of(&id).unwrap();
            assert_eq!(
                (origin.digest.as_str(), origin.arguments.as_str(), &origin.programs),
                ("d", "{}", &programs)
            );
            let mut open = store.open_attempts(&id).unwrap();
            open.sort();
            assert_eq!(open, [("failed".to_owned(), 2), ("open".to_owned(), 1)]);
            assert_eq!(store.live_processes(&id).unwrap(), []);
            store.take_over(&id, &programs).unwrap();
            let previous = store.previous(&id).unwrap();
            let outputs = map("rate", &json!(2));
            let expect =
                BTreeMap::from([("cached".to_owned(), outputs.clone()), ("done".to_owned(), outputs)]);
            assert_eq!(previous.outputs, expect, "numbers are those of the text");
            assert_eq!(
                (previous.position, previous.attempts["failed"], previous.attempts["open"]),
                (5, 2, 1)
            );
            assert_eq!(store.open_attempts(&id).unwrap(), []);
            store.end_run(&id, State::Succeeded, None).unwrap();
            assert_eq!(store.state_of(&id).unwrap(), State::Succeeded);
            assert!(matches!(store.state_of(&RunId::new()), Err(StoreError::NoRun { .. })));
        }
    }

    #[test]
    fn a_result_is_kept_until_it_is_replaced_or_forgotten() {
        for (_folder, mut store) in recorders() {
            let (run, outputs) = (RunId::new(), map("rows", &json!(3)));
            let files = |digest: &str| map("model", &digest.to_owned());
            for (key, digest, unused) in
                [("a", "d1", &[][..]), ("b", "d1", &[]), ("a", "d2", &[]), ("b", "d2", &["d1"])]
            {
                assert_eq!(
                    store.keep(&CacheKey::new(key), &run, "it", &outputs, &files(digest)).unwrap(),
                    unused,
                    "{key} {digest}"
                );
            }
            let found = store.cached("a", HOUR).unwrap().unwrap();
            assert_eq!((&found.outputs, &found.files, &found.run), (&outputs, &files("d2"), &run));
            assert_eq!(store.cached("a", 0).unwrap(), None, "it is older");
            assert_eq!(store.cached("c", HOUR).unwrap(), None);
            let old = Cached { created_at: found.created_at - 1, ..found.clone() };
            assert!(store.forget("a", &old).unwrap().is_empty());
            assert!(store.cached("a", HOUR).unwrap().is_some(), "it has been replaced since");
            assert!(store.forget("a", &found).unwrap().is_empty());
            let last = store.cached("b", HOUR).unwrap().unwrap();
            assert_eq!(store.forget("b", &last).unwrap(), ["d2"]);
        }
    }
}
