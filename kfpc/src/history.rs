//! Recorded runs and their tasks, as tables and as JSON.

use std::time::Duration;

use jiff::Timestamp;
use kfp_diag::printable::printable;
use kfp_runner::{RunId, RunSummary, TaskSummary};
use serde_json::{Value, json};

use crate::table::{table, time, values};

/// Returns a table of runs.
pub(crate) fn list(runs: &[RunSummary]) -> String {
    let row = |run: &RunSummary| {
        [
            run.id.to_string(),
            run.pipeline.clone(),
            run.state.to_string(),
            started(run.started_at),
            duration(run.duration),
            values(&run.arguments),
        ]
    };
    table(["RUN", "PIPELINE", "STATE", "STARTED", "TIME", "ARGUMENTS"], runs.iter().map(row))
}

/// Returns the runs as JSON.
pub(crate) fn list_json(runs: &[RunSummary]) -> Value {
    runs.iter().map(run_json).collect()
}

/// Returns a run and a table of its tasks.
pub(crate) fn show(run: &RunSummary, tasks: &[TaskSummary]) -> String {
    let pipeline = printable(&run.pipeline);
    let mut text = format!("{} {pipeline} {} {}\n", run.id, run.state, duration(run.duration));
    for (name, value) in &run.arguments {
        text.push_str(&format!("  {} = {value}\n", printable(name)));
    }
    if let Some(message) = &run.message {
        text.push_str(&format!("  {message}\n"));
    }
    let row = |task: &TaskSummary| {
        let mut what = task.message.clone().unwrap_or_else(|| values(&task.outputs));
        if let Some(run) = &task.cached_from {
            let separator = if what.is_empty() { "" } else { " " };
            what.push_str(&format!("{separator}(from run {run})"));
        }
        [task.label.clone(), task.state.to_string(), duration(task.duration), task.attempts.to_string(), what]
    };
    text.push('\n');
    text + &table(["TASK", "STATE", "TIME", "ATTEMPTS", "OUTPUTS"], tasks.iter().map(row))
}

/// Returns a run and its tasks as JSON.
pub(crate) fn show_json(run: &RunSummary, tasks: &[TaskSummary]) -> Value {
    let mut value = run_json(run);
    value["tasks"] = tasks.iter().map(task_json).collect();
    value
}

fn run_json(run: &RunSummary) -> Value {
    json!({
        "run": run.id.as_str(),
        "pipeline": run.pipeline,
        "version": run.version,
        "state": run.state.as_str(),
        "message": run.message,
        "started_at_ms": run.started_at,
        "seconds": run.duration.map(|duration| duration.as_secs_f64()),
        "arguments": run.arguments,
    })
}

fn task_json(task: &TaskSummary) -> Value {
    json!({
        "task": task.path,
        "id": task.id,
        "name": task.name,
        "state": task.state.as_str(),
        "message": task.message,
        "exit_code": task.exit_code,
        "class": task.class.map(|class| class.to_string()),
        "started_at_ms": task.started_at,
        "seconds": task.duration.map(|duration| duration.as_secs_f64()),
        "attempts": task.attempts,
        "cached_from": task.cached_from.as_ref().map(RunId::as_str),
        "inputs": task.inputs,
        "outputs": task.outputs,
    })
}

/// Formats a time in UTC, with a precision of a second.
pub(crate) fn started(millis: i64) -> String {
    let time = Timestamp::from_millisecond(millis).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn duration(duration: Option<Duration>) -> String {
    duration.map_or_else(|| "-".to_owned(), time)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        for (millis, expected) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400_001, "2000-02-29T00:00:00Z"),
            (1_795_485_600_123, "2026-11-24T02:00:00Z"),
        ] {
            assert_eq!(started(millis), expected);
        }
    }
}
