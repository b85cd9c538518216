//! Runs and their tasks, as the store knows them.

use std::time::Duration;

use kfp_diag::printable::printable;
use kfp_runner::{RunSummary, TaskSummary};
use serde_json::{Value, json};

use crate::table::{Names, table, time, values};

/// The runs as a table.
pub(crate) fn list(runs: &[RunSummary]) -> String {
    let row = |run: &RunSummary| {
        [
            run.id.to_string(),
            run.pipeline.clone(),
            run.state.to_string(),
            duration(run.duration),
            values(&run.arguments),
        ]
    };
    table(["RUN", "PIPELINE", "STATE", "TIME", "ARGUMENTS"], runs.iter().map(row))
}

/// The runs for programs.
pub(crate) fn list_json(runs: &[RunSummary]) -> Value {
    runs.iter().map(run_json).collect()
}

/// One run with its tasks.
pub(crate) fn show(run: &RunSummary, tasks: &[TaskSummary]) -> String {
    let pipeline = printable(&run.pipeline);
    let mut text = format!("{} {pipeline} {} {}\n", run.id, run.state, duration(run.duration));
    for (name, value) in &run.arguments {
        text.push_str(&format!("  {} = {value}\n", printable(name)));
    }
    if let Some(message) = &run.message {
        text.push_str(&format!("  {message}\n"));
    }
    let mut names = Names::default();
    let row = |task: &TaskSummary| {
        let what = task.message.clone().unwrap_or_else(|| values(&task.outputs));
        let name = names.of(&task.name, &task.path).to_owned();
        [name, task.state.to_string(), duration(task.duration), task.attempts.to_string(), what]
    };
    text.push('\n');
    text + &table(["TASK", "STATE", "TIME", "TRIES", "OUTPUTS"], tasks.iter().map(row))
}

/// One run with its tasks, for programs.
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
        "inputs": task.inputs,
        "outputs": task.outputs,
    })
}

fn duration(duration: Option<Duration>) -> String {
    duration.map_or_else(|| "-".to_owned(), time)
}
