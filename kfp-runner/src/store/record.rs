//! Recording a run while it happens.

use rusqlite::params;

use super::open::execute;
use super::recorder::{AttemptEnd, NewRun, TaskEnd, TaskStart};
use super::resume::programs_text;
use super::values::{write_artifacts, write_edges, write_parameter};
use super::{RunId, Store, StoreError};
use crate::State;
use crate::claim::Claim;
use crate::clock;
use crate::process::Identity;

impl Store {
    /// Records the start of a run, which is running as long as the claim is held.
    pub(crate) fn begin_run(&mut self, run: &NewRun<'_>) -> Result<(RunId, Claim), StoreError> {
        let document = kfp_digest::sha256_hex(run.document.as_bytes());
        // Another process may have chosen the same id.
        loop {
            let id = RunId::new();
            let Some(claim) = self.claim(&id)? else { continue };
            let inserted = self.transaction(|connection| {
                execute(
                    connection,
                    "INSERT INTO documents (digest, document) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                    params![document, run.document],
                )?;
                execute(
                    connection,
                    "INSERT INTO runs (id, pipeline, version, digest, arguments, state, pid, process, started_at,
                         programs, document)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, '', ?8, ?9, ?10) ON CONFLICT DO NOTHING",
                    params![
                        id.as_str(),
                        run.pipeline,
                        run.version,
                        run.digest,
                        run.arguments,
                        State::Running.as_str(),
                        std::process::id(),
                        clock::now(),
                        programs_text(run.programs),
                        document,
                    ],
                )
            })?;
            if inserted == 1 {
                return Ok((id, claim));
            }
        }
    }

    /// Records the end of a run.
    pub(crate) fn end_run(
        &mut self,
        id: &RunId,
        state: State,
        message: Option<&str>,
    ) -> Result<(), StoreError> {
        self.transaction(|connection| {
            execute(
                connection,
                "UPDATE runs SET state = ?2, message = ?3, ended_at = ?4 WHERE id = ?1",
                params![id.as_str(), state.as_str(), message, clock::now()],
            )
        })?;
        Ok(())
    }

    /// Records the start of a task, with its inputs.
    pub(crate) fn begin_task(&mut self, id: &RunId, task: &TaskStart<'_>) -> Result<(), StoreError> {
        self.transaction(|connection| {
            execute(
                connection,
                "INSERT INTO tasks (run, path, position, id, name, kind, state, cache_key, started_at, label)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                 ON CONFLICT (run, path) DO UPDATE SET state = excluded.state, message = NULL, exit_code = NULL,
                     class = NULL, cache_key = excluded.cache_key, started_at = excluded.started_at, ended_at = NULL,
                     label = excluded.label",
                params![
                    id.as_str(),
                    task.path,
                    task.position,
                    task.id,
                    task.name,
                    task.kind,
                    State::Running.as_str(),
                    task.cache_key,
                    task.started.then(clock::now),
                    task.label,
                ],
            )?;
            for (name, input) in task.inputs {
                write_parameter(connection, id, task.path, "input", name, input)?;
                write_edges(connection, id, task.path, name, input)?;
            }
            Ok(())
        })
    }

    /// Records the end of a task, with its outputs.
    pub(crate) fn end_task(&mut self, id: &RunId, task: &TaskEnd<'_>) -> Result<(), StoreError> {
        self.transaction(|connection| {
            let message = task.failure.map(|failure| failure.message.as_str()).or(task.message);
            execute(
                connection,
                "UPDATE tasks SET state = ?3, message = ?4, exit_code = ?5, class = ?6, ended_at = ?7, cached_from = ?8
                 WHERE run = ?1 AND path = ?2",
                params![
                    id.as_str(),
                    task.path,
                    task.state.as_str(),
                    message,
                    task.failure.and_then(|failure| failure.exit_code),
                    task.failure.map(|failure| failure.class.as_str()),
                    clock::now(),
                    task.cached_from.map(RunId::as_str),
                ],
            )?;
            for (name, output) in task.outputs {
                write_parameter(connection, id, task.path, "output", name, output)?;
                if task.is_producer {
                    write_artifacts(connection, id, task.path, name, output)?;
                }
            }
            Ok(())
        })
    }

    /// Records the start of an attempt.
    pub(crate) fn begin_attempt(&mut self, id: &RunId, path: &str, attempt: u32) -> Result<(), StoreError> {
        self.transaction(|connection| {
            execute(
                connection,
                "INSERT OR REPLACE INTO attempts (run, path, attempt, state, started_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id.as_str(), path, attempt, State::Running.as_str(), clock::now()],
            )
        })?;
        Ok(())
    }

    /// Records the process of an attempt.
    pub(crate) fn record_process(
        &mut self,
        id: &RunId,
        path: &str,
        attempt: u32,
        process: &Identity,
    ) -> Result<(), StoreError> {
        self.transaction(|connection| {
            execute(
                connection,
                "UPDATE attempts SET pid = ?4, process = ?5 WHERE run = ?1 AND path = ?2 AND attempt = ?3",
                params![id.as_str(), path, attempt, process.pid, process.start],
            )
        })?;
        Ok(())
    }

    /// Records the end of an attempt.
    pub(crate) fn end_attempt(&mut self, id: &RunId, attempt: &AttemptEnd<'_>) -> Result<(), StoreError> {
        self.transaction(|connection| {
            execute(
                connection,
                "UPDATE attempts SET state = ?4, message = ?5, exit_code = ?6, class = ?7, ended_at = ?8
                 WHERE run = ?1 AND path = ?2 AND attempt = ?3",
                params![
                    id.as_str(),
                    attempt.path,
                    attempt.attempt,
                    attempt.state.as_str(),
                    attempt.failure.map(|failure| failure.message.as_str()),
                    attempt.failure.and_then(|failure| failure.exit_code),
                    attempt.failure.map(|failure| failure.class.as_str()),
                    clock::now(),
                ],
            )
        })?;
        Ok(())
    }
}
