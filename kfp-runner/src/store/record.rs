//! Writing a run as it happens.

use std::collections::BTreeMap;

use kfp_model::value;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use super::{RunId, Store, StoreError};
use crate::clock;
use crate::failure::Failure;
use crate::process::Identity;
use crate::{State, artifact};

/// What is known of a run when it starts.
pub(crate) struct NewRun<'a> {
    pub(crate) pipeline: &'a str,
    pub(crate) version: Option<&'a str>,
    /// The digest of everything that is run.
    pub(crate) digest: &'a str,
    pub(crate) arguments: String,
}

/// What an earlier part of a run left.
#[derive(Debug, Default)]
pub(crate) struct Previous {
    /// The outputs of the steps that are done, by the paths of their tasks.
    pub(crate) outputs: BTreeMap<String, BTreeMap<String, Value>>,
    /// The number of attempts that each task has had.
    pub(crate) attempts: BTreeMap<String, u32>,
    /// The number of tasks that were written.
    pub(crate) position: i64,
}

/// What is known of a task when it starts, or when it is clear that it does not.
pub(crate) struct TaskStart<'a> {
    pub(crate) path: &'a str,
    pub(crate) id: &'a str,
    pub(crate) name: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) position: i64,
    /// Whether it starts at all.
    pub(crate) started: bool,
    pub(crate) cache_key: Option<&'a str>,
    pub(crate) inputs: &'a BTreeMap<String, Value>,
}

/// How a task ended.
pub(crate) struct TaskEnd<'a> {
    pub(crate) path: &'a str,
    pub(crate) state: State,
    pub(crate) failure: Option<&'a Failure>,
    pub(crate) message: Option<&'a str>,
    pub(crate) outputs: &'a BTreeMap<String, Value>,
    /// Whether the task made its outputs itself, as steps do.
    pub(crate) made: bool,
}

/// How an attempt ended.
pub(crate) struct AttemptEnd<'a> {
    pub(crate) path: &'a str,
    pub(crate) attempt: u32,
    pub(crate) state: State,
    pub(crate) failure: Option<&'a Failure>,
}

impl Store {
    /// Writes that a run begins.
    pub(crate) fn begin_run(&mut self, run: &NewRun<'_>) -> Result<RunId, StoreError> {
        let own = Identity::own();
        // Another process may have drawn the same id in the same millisecond.
        loop {
            let id = RunId::new();
            let inserted = self.transaction(|connection| {
                connection.execute(
                    "INSERT INTO runs (id, pipeline, version, digest, arguments, state, pid, process, started_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
                    params![
                        id.as_str(),
                        run.pipeline,
                        run.version,
                        run.digest,
                        run.arguments,
                        State::Running.as_str(),
                        own.pid,
                        own.start,
                        clock::now(),
                    ],
                )
            })?;
            if inserted == 1 {
                return Ok(id);
            }
        }
    }

    /// Takes over a run whose program is gone; nothing if that program is still there.
    ///
    /// What its steps have left running is to be ended by the caller: see [`Store::live_processes`].
    pub(crate) fn take_over(&mut self, id: &RunId) -> Result<bool, StoreError> {
        let own = Identity::own();
        self.transaction(|connection| {
            let owner = connection.query_row(
                "SELECT state, pid, process FROM runs WHERE id = ?1",
                [id.as_str()],
                |row| {
                    let identity = Identity { pid: row.get(1)?, start: row.get(2)? };
                    Ok((row.get::<_, String>(0)?, identity))
                },
            )?;
            if owner.0 == State::Running.as_str() && owner.1.is_alive() && owner.1 != own {
                return Ok(false);
            }
            connection.execute(
                "UPDATE runs SET state = ?2, message = NULL, ended_at = NULL, pid = ?3, process = ?4 WHERE id = ?1",
                params![id.as_str(), State::Running.as_str(), own.pid, own.start],
            )?;
            Ok(true)
        })
    }

    /// The process groups that attempts of the run have not been seen to end.
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

    /// The digest and the arguments that the run began with.
    pub(crate) fn identity_of(&self, id: &RunId) -> Result<(String, String), StoreError> {
        self.connection
            .query_row("SELECT digest, arguments FROM runs WHERE id = ?1", [id.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()
            .map_err(|cause| self.failed(cause))?
            .ok_or_else(|| StoreError::NoRun(id.to_string()))
    }

    /// What the run has done so far; what it did not finish is closed as interrupted.
    pub(crate) fn previous(&mut self, id: &RunId) -> Result<Previous, StoreError> {
        self.transaction(|connection| {
            close_open_attempts(connection, id)?;
            let mut previous = Previous::default();
            let mut statement = connection.prepare(
                "SELECT tasks.path, parameters.name, parameters.value FROM tasks
                 LEFT JOIN parameters ON parameters.run = tasks.run AND parameters.path = tasks.path
                     AND parameters.direction = 'output'
                 WHERE tasks.run = ?1 AND tasks.kind IN ('step', 'import') AND tasks.state IN ('Succeeded', 'Cached')",
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

    /// Writes how the run ended.
    pub(crate) fn end_run(
        &mut self,
        id: &RunId,
        state: State,
        message: Option<&str>,
    ) -> Result<(), StoreError> {
        self.transaction(|connection| {
            connection.execute(
                "UPDATE runs SET state = ?2, message = ?3, ended_at = ?4 WHERE id = ?1",
                params![id.as_str(), state.as_str(), message, clock::now()],
            )
        })?;
        Ok(())
    }

    /// Writes that a task starts, with what it is given.
    pub(crate) fn begin_task(&mut self, id: &RunId, task: &TaskStart<'_>) -> Result<(), StoreError> {
        self.transaction(|connection| {
            connection.execute(
                "INSERT INTO tasks (run, path, position, id, name, kind, state, cache_key, started_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
                 ON CONFLICT (run, path) DO UPDATE SET state = excluded.state, message = NULL, exit_code = NULL,
                     class = NULL, cache_key = excluded.cache_key, started_at = excluded.started_at, ended_at = NULL",
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
                ],
            )?;
            for (name, input) in task.inputs {
                write_parameter(connection, id, task.path, "input", name, input)?;
                write_edges(connection, id, task.path, name, input)?;
            }
            Ok(())
        })
    }

    /// Writes how a task ended, with what it gives.
    pub(crate) fn end_task(&mut self, id: &RunId, task: &TaskEnd<'_>) -> Result<(), StoreError> {
        self.transaction(|connection| {
            let message = task.failure.map(|failure| failure.message.as_str()).or(task.message);
            connection.execute(
                "UPDATE tasks SET state = ?3, message = ?4, exit_code = ?5, class = ?6, ended_at = ?7
                 WHERE run = ?1 AND path = ?2",
                params![
                    id.as_str(),
                    task.path,
                    task.state.as_str(),
                    message,
                    task.failure.and_then(|failure| failure.exit_code),
                    task.failure.map(|failure| failure.class.as_str()),
                    clock::now(),
                ],
            )?;
            for (name, output) in task.outputs {
                write_parameter(connection, id, task.path, "output", name, output)?;
                if task.made {
                    write_artifacts(connection, id, task.path, name, output)?;
                }
            }
            Ok(())
        })
    }

    /// Writes that an attempt starts.
    pub(crate) fn begin_attempt(&mut self, id: &RunId, path: &str, attempt: u32) -> Result<(), StoreError> {
        self.transaction(|connection| {
            connection.execute(
                "INSERT OR REPLACE INTO attempts (run, path, attempt, state, started_at) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![id.as_str(), path, attempt, State::Running.as_str(), clock::now()],
            )
        })?;
        Ok(())
    }

    /// Writes which process carries out an attempt.
    pub(crate) fn note_process(
        &mut self,
        id: &RunId,
        path: &str,
        attempt: u32,
        process: &Identity,
    ) -> Result<(), StoreError> {
        self.transaction(|connection| {
            connection.execute(
                "UPDATE attempts SET pid = ?4, process = ?5 WHERE run = ?1 AND path = ?2 AND attempt = ?3",
                params![id.as_str(), path, attempt, process.pid, process.start],
            )
        })?;
        Ok(())
    }

    /// Writes how an attempt ended.
    pub(crate) fn end_attempt(&mut self, id: &RunId, attempt: &AttemptEnd<'_>) -> Result<(), StoreError> {
        self.transaction(|connection| {
            connection.execute(
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

fn close_open_attempts(connection: &Connection, id: &RunId) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE attempts SET state = ?2, ended_at = ?3 WHERE run = ?1 AND ended_at IS NULL",
        params![id.as_str(), State::Interrupted.as_str(), clock::now()],
    )?;
    Ok(())
}

fn write_parameter(
    connection: &Connection,
    id: &RunId,
    path: &str,
    direction: &str,
    name: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO parameters (run, path, direction, name, value) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id.as_str(), path, direction, name, value::encode(value)],
    )?;
    Ok(())
}

/// Notes which artifacts an input holds.
fn write_edges(
    connection: &Connection,
    id: &RunId,
    path: &str,
    input: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    for artifact in artifacts(value) {
        connection.execute(
            "INSERT OR REPLACE INTO edges (run, path, input, key) VALUES (?1, ?2, ?3, ?4)",
            params![id.as_str(), path, input, text(artifact, "/key")],
        )?;
    }
    Ok(())
}

/// Notes the artifacts that an output holds, and the numbers that metrics artifacts carry.
fn write_artifacts(
    connection: &Connection,
    id: &RunId,
    path: &str,
    name: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    for artifact in artifacts(value) {
        let metadata = artifact.get("metadata").unwrap_or(&Value::Null);
        let r#type = text(artifact, "/type/schemaTitle");
        connection.execute(
            "INSERT OR REPLACE INTO artifacts (run, path, name, key, uri, type, metadata)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id.as_str(),
                path,
                name,
                text(artifact, "/key"),
                text(artifact, "/uri"),
                r#type,
                value::encode(metadata)
            ],
        )?;
        if r#type != "system.Metrics" {
            continue;
        }
        for (metric, number) in metadata.as_object().into_iter().flatten() {
            if let Some(number) = number.as_f64() {
                connection.execute(
                    "INSERT OR REPLACE INTO metrics (run, path, artifact, name, value) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![id.as_str(), path, name, metric, number],
                )?;
            }
        }
    }
    Ok(())
}

/// The artifacts in a value: objects that say where they lie and what they are.
fn artifacts(value: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    artifact::for_each(value, &mut |candidate| {
        if candidate.get("key").is_some() && candidate.pointer("/type/schemaTitle").is_some() {
            found.push(candidate);
        }
    });
    found
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
