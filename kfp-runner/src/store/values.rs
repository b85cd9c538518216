//! Recording the inputs and outputs of tasks: parameters, artifacts, their readers, and metrics.

use kfp_model::value;
use rusqlite::{Connection, params};
use serde_json::Value;

use super::RunId;
use super::open::execute;
use crate::artifact;

/// Records a value of a task.
pub(super) fn write_parameter(
    connection: &Connection,
    id: &RunId,
    path: &str,
    direction: &str,
    name: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    execute(
        connection,
        "INSERT OR REPLACE INTO parameters (run, path, direction, name, value) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![id.as_str(), path, direction, name, value::encode(value)],
    )?;
    Ok(())
}

/// Records which artifacts an input contains.
pub(super) fn write_edges(
    connection: &Connection,
    id: &RunId,
    path: &str,
    input: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    for artifact in artifacts(value) {
        execute(
            connection,
            "INSERT OR REPLACE INTO edges (run, path, input, key) VALUES (?1, ?2, ?3, ?4)",
            params![id.as_str(), path, input, text(artifact, "/key")],
        )?;
    }
    Ok(())
}

/// Records the artifacts in an output, and the numbers in metrics artifacts.
pub(super) fn write_artifacts(
    connection: &Connection,
    id: &RunId,
    path: &str,
    name: &str,
    value: &Value,
) -> rusqlite::Result<()> {
    for artifact in artifacts(value) {
        let metadata = artifact.get("metadata").unwrap_or(&Value::Null);
        let r#type = text(artifact, "/type/schemaTitle");
        execute(
            connection,
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
                execute(
                    connection,
                    "INSERT OR REPLACE INTO metrics (run, path, artifact, name, value) VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![id.as_str(), path, name, metric, number],
                )?;
            }
        }
    }
    Ok(())
}

/// Returns the artifacts in a value: objects with a key and a type.
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
