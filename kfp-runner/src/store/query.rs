//! Queries on runs.

use std::collections::BTreeMap;
use std::time::Duration;

use kfp_model::value;
use rusqlite::{OptionalExtension as _, Row};
use serde_json::Value;

use super::{RunId, Store, StoreError};
use crate::{FailureClass, State, spelling};

/// A run in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct RunSummary {
    /// The id of the run.
    pub id: RunId,
    /// The name of the pipeline.
    pub pipeline: String,
    /// The author's version of the pipeline.
    pub version: Option<String>,
    /// The state of the run; [`State::Interrupted`] if the process that ran it is gone.
    pub state: State,
    /// The message about the end of the run.
    pub message: Option<String>,
    /// The start, in milliseconds since 1970 (UTC).
    pub started_at: i64,
    /// The duration of the run; `None` while it is in progress.
    pub duration: Option<Duration>,
    /// The arguments by name.
    pub arguments: BTreeMap<String, Value>,
}

/// A task of a run in the store.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskSummary {
    /// The names on the path to the task, joined by `/`.
    pub path: String,
    /// The path as shown to users: the names as the author wrote them, with the items of loops, such as
    /// `for-each[kind=svm]/train`. In a run of a version that did not store labels, it is the path.
    pub label: String,
    /// The id of the task in its pipeline.
    pub id: String,
    /// The name of the task.
    pub name: String,
    /// The state of the task.
    pub state: State,
    /// Why it failed, or another message about its end.
    pub message: Option<String>,
    /// The exit code of the last attempt, if it failed.
    pub exit_code: Option<i32>,
    /// The class of the failure.
    pub class: Option<FailureClass>,
    /// The start, in milliseconds since 1970 (UTC).
    pub started_at: Option<i64>,
    /// The duration of the task.
    pub duration: Option<Duration>,
    /// The number of attempts.
    pub attempts: u32,
    /// The run that computed the outputs, if they were cached. It may have been removed since.
    pub cached_from: Option<RunId>,
    /// The inputs by name.
    pub inputs: BTreeMap<String, Value>,
    /// The outputs by name.
    pub outputs: BTreeMap<String, Value>,
}

/// A numeric entry in the metadata of a metrics artifact.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The names on the path to the task, joined by `/`.
    pub path: String,
    /// The name of the output with the artifact.
    pub artifact: String,
    /// The name of the metric.
    pub name: String,
    /// The value of the metric.
    pub value: f64,
}

impl Store {
    /// Returns all runs, the newest first.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn runs(&self) -> Result<Vec<RunSummary>, StoreError> {
        let read = || -> rusqlite::Result<Vec<RunSummary>> {
            let mut statement =
                self.connection.prepare(&format!("{RUNS} ORDER BY started_at DESC, id DESC"))?;
            statement.query_map([], |row| self.run_summary(row))?.collect()
        };
        read().map_err(|cause| self.failed(cause))
    }

    /// Returns the run with that id.
    ///
    /// # Errors
    /// There is no such run, or the store cannot be read.
    pub fn run(&self, id: &RunId) -> Result<RunSummary, StoreError> {
        self.connection
            .query_row(&format!("{RUNS} WHERE id = ?1"), [id.as_str()], |row| self.run_summary(row))
            .optional()
            .map_err(|cause| self.failed(cause))?
            .ok_or_else(|| self.unknown(id.as_str()))
    }

    /// Returns the id of the run that matches the text: an id, the beginning of one, or `last` for the latest run.
    ///
    /// # Errors
    /// There is no such run, several ids start with the text, or the store cannot be read.
    pub fn find(&self, text: &str) -> Result<RunId, StoreError> {
        let runs = self.runs()?;
        let start = text.to_ascii_lowercase();
        let mut found = runs
            .iter()
            .filter(|run| text == "last" || (!start.is_empty() && run.id.as_str().starts_with(&start)));
        match (found.next(), found.next()) {
            (Some(run), None) => Ok(run.id.clone()),
            (Some(run), Some(_)) if text == "last" => Ok(run.id.clone()),
            _ => Err(self.unknown(text)),
        }
    }

    /// Returns the error for a run that is not in the store.
    pub(super) fn unknown(&self, text: &str) -> StoreError {
        const MAX_SUGGESTIONS: usize = 3;
        // If the runs cannot be listed, there are no suggestions.
        let runs = self.runs().unwrap_or_default();
        let is_similar = |run: &&RunSummary| {
            let id = run.id.as_str();
            id.starts_with(text) || run.pipeline == text || spelling::nearest(text, &[id]).is_some()
        };
        let similar =
            runs.iter().filter(is_similar).take(MAX_SUGGESTIONS).map(|run| run.id.to_string()).collect();
        StoreError::NoRun { run: text.to_owned(), similar }
    }

    /// Returns the tasks of a run, in the order in which they started.
    ///
    /// # Errors
    /// There is no such run, or the store cannot be read.
    pub fn tasks(&self, id: &RunId) -> Result<Vec<TaskSummary>, StoreError> {
        let interrupted = self.run(id)?.state == State::Interrupted;
        let read = || -> rusqlite::Result<Vec<TaskSummary>> {
            let mut statement = self.connection.prepare(TASKS)?;
            let mut tasks: Vec<TaskSummary> =
                statement.query_map([id.as_str()], task_summary)?.collect::<rusqlite::Result<_>>()?;
            for task in &mut tasks {
                task.inputs = self.parameters(id, &task.path, "input")?;
                task.outputs = self.parameters(id, &task.path, "output")?;
                if interrupted && task.state == State::Running {
                    task.state = State::Interrupted;
                }
            }
            Ok(tasks)
        };
        read().map_err(|cause| self.failed(cause))
    }

    /// Returns the metrics of a run, sorted by task, artifact and name.
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn metrics(&self, id: &RunId) -> Result<Vec<Metric>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Metric>> {
            let mut statement = self.connection.prepare(
                "SELECT path, artifact, name, value FROM metrics WHERE run = ?1 ORDER BY path, artifact, name",
            )?;
            let metric = |row: &Row<'_>| {
                let (path, artifact) = (row.get(0)?, row.get(1)?);
                Ok(Metric { path, artifact, name: row.get(2)?, value: row.get(3)? })
            };
            statement.query_map([id.as_str()], metric)?.collect()
        };
        read().map_err(|cause| self.failed(cause))
    }

    /// Returns the pipeline document of a run as JSON; `None` if the run was recorded by a version that did not store
    /// documents.
    ///
    /// # Errors
    /// There is no such run, or the store cannot be read.
    pub fn document(&self, id: &RunId) -> Result<Option<String>, StoreError> {
        let statement = "SELECT documents.document FROM runs
             LEFT JOIN documents ON documents.digest = runs.document WHERE runs.id = ?1";
        self.connection
            .query_row(statement, [id.as_str()], |row| row.get(0))
            .optional()
            .map_err(|cause| self.failed(cause))?
            .ok_or_else(|| self.unknown(id.as_str()))
    }

    fn run_summary(&self, row: &Row<'_>) -> rusqlite::Result<RunSummary> {
        let id: String = row.get(0)?;
        let id: RunId = id.parse().map_err(|error| {
            rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error))
        })?;
        let arguments: String = row.get(7)?;
        let started_at = row.get(5)?;
        Ok(RunSummary {
            pipeline: row.get(1)?,
            version: row.get(2)?,
            state: match state(row, 3)? {
                State::Running if !self.is_alive(&id) => State::Interrupted,
                state => state,
            },
            message: row.get(4)?,
            started_at,
            duration: duration(Some(started_at), row.get(6)?),
            arguments: match value::decode(&arguments) {
                Ok(Value::Object(arguments)) => arguments.into_iter().collect(),
                _ => BTreeMap::new(),
            },
            id,
        })
    }

    fn parameters(
        &self,
        id: &RunId,
        path: &str,
        direction: &str,
    ) -> rusqlite::Result<BTreeMap<String, Value>> {
        let mut statement = self.connection.prepare_cached(
            "SELECT name, value FROM parameters WHERE run = ?1 AND path = ?2 AND direction = ?3",
        )?;
        let rows = statement.query_map([id.as_str(), path, direction], |row| {
            let text: String = row.get(1)?;
            Ok((row.get(0)?, value::decode(&text).unwrap_or(Value::String(text))))
        })?;
        rows.collect()
    }
}

const RUNS: &str = "SELECT id, pipeline, version, state, message, started_at, ended_at, arguments FROM runs";

const TASKS: &str = "SELECT path, id, name, state, message, exit_code, class, started_at, ended_at,
        (SELECT count(*) FROM attempts WHERE attempts.run = tasks.run AND attempts.path = tasks.path),
        coalesce(label, path), cached_from
    FROM tasks WHERE run = ?1 ORDER BY position";

fn task_summary(row: &Row<'_>) -> rusqlite::Result<TaskSummary> {
    let class: Option<String> = row.get(6)?;
    let started_at = row.get(7)?;
    let cached_from: Option<String> = row.get(11)?;
    Ok(TaskSummary {
        path: row.get(0)?,
        label: row.get(10)?,
        id: row.get(1)?,
        name: row.get(2)?,
        state: state(row, 3)?,
        message: row.get(4)?,
        exit_code: row.get(5)?,
        class: class.as_deref().and_then(FailureClass::from_name),
        started_at,
        duration: duration(started_at, row.get(8)?),
        attempts: row.get(9)?,
        cached_from: cached_from.and_then(|run| run.parse().ok()),
        inputs: BTreeMap::new(),
        outputs: BTreeMap::new(),
    })
}

/// Reads a state. An unknown one counts as interrupted.
fn state(row: &Row<'_>, column: usize) -> rusqlite::Result<State> {
    let name: String = row.get(column)?;
    Ok(State::from_name(&name).unwrap_or(State::Interrupted))
}

fn duration(from: Option<i64>, to: Option<i64>) -> Option<Duration> {
    Some(Duration::from_millis(u64::try_from(to? - from?).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{NewRun, Programs};

    #[test]
    fn a_run_is_running_while_it_is_claimed_and_keeps_its_document() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let programs = Programs::new();
        let (document, arguments) = (r#"{"schema_version":1}"#, "{}".to_owned());
        let run =
            NewRun { pipeline: "p", version: None, digest: "", document, arguments, programs: &programs };
        let (id, claim) = store.begin_run(&run).unwrap();
        let (other, _held) = store.begin_run(&run).unwrap();
        let reader = Store::open_read_only(folder.path()).unwrap();
        let state = |id: &RunId| reader.run(id).unwrap().state;
        assert_eq!((state(&id), state(&other)), (State::Running, State::Running));
        assert!(store.claim(&id).unwrap().is_none());
        drop(claim);
        assert_eq!((state(&id), state(&other)), (State::Interrupted, State::Running));
        let _resumed = store.claim(&id).unwrap().unwrap();
        store.take_over(&id, &programs).unwrap();
        assert_eq!(state(&id), State::Running);
        assert_eq!(reader.document(&id).unwrap().as_deref(), Some(document));
        let documents = "SELECT count(*) FROM documents";
        assert_eq!(reader.connection.query_row(documents, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    }

    #[test]
    fn ids_are_found_in_either_case() {
        let folder = tempfile::tempdir().unwrap();
        let mut store = Store::open(folder.path()).unwrap();
        let (document, arguments, programs) = ("{}", "{}".to_owned(), Programs::new());
        let run =
            NewRun { pipeline: "p", version: None, digest: "", document, arguments, programs: &programs };
        let (id, _) = store.begin_run(&run).unwrap();
        assert_eq!(store.find(&id.as_str().to_ascii_uppercase()).unwrap(), id);
    }
}
