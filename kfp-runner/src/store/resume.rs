//! Resuming a run that an earlier process has left.

use std::path::PathBuf;

use kfp_model::value;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use super::recorder::{Origin, Previous, Programs};
use super::{RunId, Store, StoreError};
use crate::State;
use crate::claim::{Claim, is_claimed};
use crate::clock;
use crate::process::Identity;

impl Store {
    /// Claims a run, which is running as long as the claim is held. Returns `None` if another process has claimed it.
    pub(crate) fn claim(&self, id: &RunId) -> Result<Option<Claim>, StoreError> {
        Claim::take(&self.claims(), id.as_str()).map_err(|cause| StoreError::files(&self.folder, cause))
    }

    /// Returns whether a process has claimed the run.
    pub(super) fn is_alive(&self, id: &RunId) -> bool {
        is_claimed(&self.claims(), id.as_str())
    }

    /// Returns the folder with a locked file for each run in progress.
    fn claims(&self) -> PathBuf {
        self.folder.join("locks")
    }

    /// Records that a claimed run is running again.
    ///
    /// The caller ends the processes that the run has left, see [`Store::live_processes`].
    pub(crate) fn take_over(&mut self, id: &RunId, programs: &Programs) -> Result<(), StoreError> {
        let programs = programs_text(programs);
        self.transaction(|connection| {
            connection.execute(
                "UPDATE runs SET state = ?2, message = NULL, ended_at = NULL, pid = ?3, process = '',
                     programs = ?4 WHERE id = ?1",
                params![id.as_str(), State::Running.as_str(), std::process::id(), programs],
            )
        })?;
        Ok(())
    }

    /// Returns the process groups of attempts whose end was not recorded.
    pub(crate) fn live_processes(&self, id: &RunId) -> Result<Vec<Identity>, StoreError> {
        let mut statement = self
            .connection
            .prepare(
                "SELECT pid, process FROM attempts WHERE run = ?1 AND ended_at IS NULL AND pid IS NOT NULL",
            )
            .map_err(|cause| self.failed(cause))?;
        let rows = statement
            .query_map([id.as_str()], |row| Ok(Identity { pid: row.get(0)?, start: row.get(1)? }))
            .map_err(|cause| self.failed(cause))?;
        rows.collect::<rusqlite::Result<_>>().map_err(|cause| self.failed(cause))
    }

    /// Returns the attempts whose end was not recorded: the paths of their tasks, and their numbers.
    pub(crate) fn open_attempts(&self, id: &RunId) -> Result<Vec<(String, u32)>, StoreError> {
        let failed = |cause| self.failed(cause);
        let mut statement = self
            .connection
            .prepare("SELECT path, attempt FROM attempts WHERE run = ?1 AND ended_at IS NULL")
            .map_err(failed)?;
        let rows =
            statement.query_map([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Returns the data that the run started with.
    pub(crate) fn origin_of(&self, id: &RunId) -> Result<Origin, StoreError> {
        let statement = "SELECT digest, arguments, programs FROM runs WHERE id = ?1";
        self.connection
            .query_row(statement, [id.as_str()], |row| {
                let programs: Option<String> = row.get(2)?;
                let programs = programs.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
                Ok(Origin { digest: row.get(0)?, arguments: row.get(1)?, programs })
            })
            .optional()
            .map_err(|cause| self.failed(cause))?
            .ok_or_else(|| self.unknown(id.as_str()))
    }

    /// Returns the results of the run so far, and marks its open attempts as interrupted.
    pub(crate) fn previous(&mut self, id: &RunId) -> Result<Previous, StoreError> {
        self.transaction(|connection| {
            close_open_attempts(connection, id)?;
            let mut previous = Previous::default();
            let mut statement = connection.prepare(
                "SELECT tasks.path, parameters.name, parameters.value FROM tasks
                 LEFT JOIN parameters ON parameters.run = tasks.run AND parameters.path = tasks.path
                     AND parameters.direction = 'output'
                 WHERE tasks.run = ?1 AND tasks.kind IN ('step', 'import', 'approval') AND tasks.state IN ('Succeeded', 'Cached')",
            )?;
            let mut rows = statement.query([id.as_str()])?;
            while let Some(row) = rows.next()? {
                let outputs = previous.outputs.entry(row.get(0)?).or_default();
                let (name, text): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
                if let (Some(name), Some(text)) = (name, text) {
                    outputs.insert(name, value::decode(&text).unwrap_or(Value::Null));
                }
            }
            let mut statement =
                connection.prepare("SELECT path, max(attempt) FROM attempts WHERE run = ?1 GROUP BY path")?;
            let mut rows = statement.query([id.as_str()])?;
            while let Some(row) = rows.next()? {
                previous.attempts.insert(row.get(0)?, row.get(1)?);
            }
            previous.position = connection.query_row(
                "SELECT coalesce(max(position) + 1, 0) FROM tasks WHERE run = ?1",
                [id.as_str()],
                |row| row.get(0),
            )?;
            Ok(previous)
        })
    }
}

fn close_open_attempts(connection: &Connection, id: &RunId) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE attempts SET state = ?2, ended_at = ?3 WHERE run = ?1 AND ended_at IS NULL",
        params![id.as_str(), State::Interrupted.as_str(), clock::now()],
    )?;
    Ok(())
}

/// Returns the programs as JSON.
pub(super) fn programs_text(programs: &Programs) -> String {
    serde_json::json!(programs).to_string()
}
