//! The summary of a run that has ended.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::path::Path;

use kfp_diag::printable::printable;
use kfp_runner::{RunId, RunReport, State, TaskReport, artifact_path};
use serde_json::{Value, json};

use crate::table::{table, time, values};

/// Returns a table of tasks, a table of the artifacts on this machine, and the end of the log of each failed task.
pub(crate) fn text(report: &RunReport) -> String {
    let row = |task: &TaskReport| {
        [task.label.clone(), task.state.to_string(), time(task.duration), values(&task.outputs)]
    };
    let mut text = String::from("\n");
    text.push_str(&table(["TASK", "STATE", "TIME", "OUTPUTS"], steps(report).map(row)));
    text.push_str(&artifacts(report));
    text.push_str(&failures(report));
    let _ =
        write!(text, "\nRun {} {} in {}", report.id, lower(&report.state.to_string()), time(report.duration));
    if let Some(message) = &report.message {
        let _ = write!(text, ": {message}");
    }
    if !report.outputs.is_empty() {
        let _ = write!(text, "\n{}", values(&report.outputs));
    }
    text
}

/// Returns the failures and the end of a run that did not succeed; otherwise nothing.
pub(crate) fn quiet(report: &RunReport) -> String {
    if report.state == State::Succeeded {
        return String::new();
    }
    let message = report.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
    let end = lower(&report.state.to_string());
    format!("{}error: the run {} {end}{message}\n", failures(report), report.id)
}

/// Returns the messages of the tasks that failed themselves, with the end of their logs.
fn failures(report: &RunReport) -> String {
    let failed = report.tasks.iter().filter(|task| task.exit_code.is_some() || !task.log_tail.is_empty());
    failed.map(failure).collect()
}

/// Returns the steps and approvals, and the groups and imports that failed.
fn steps(report: &RunReport) -> impl Iterator<Item = &TaskReport> {
    report.tasks.iter().filter(|task| task.is_notable())
}

/// Returns a table of the artifacts of steps and of the pipeline, with their paths.
fn artifacts(report: &RunReport) -> String {
    let folder = env::current_dir().unwrap_or_default();
    let rows = |task: &str, outputs: &BTreeMap<String, Value>| {
        let row = |(name, output): (&String, &Value)| {
            let path = artifact_path(output).filter(|path| path.exists())?;
            Some([task.to_owned(), name.clone(), shown(&path, &folder)])
        };
        outputs.iter().filter_map(row).collect::<Vec<_>>()
    };
    let of_steps = steps(report).flat_map(|task| rows(&task.label, &task.outputs));
    let found: Vec<_> = of_steps.chain(rows("(pipeline)", &report.outputs)).collect();
    if found.is_empty() { String::new() } else { format!("\n{}", table(["TASK", "ARTIFACT", "PATH"], found)) }
}

/// Returns the path, relative to the folder if it is in it.
fn shown(path: &Path, folder: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).display().to_string()
}

fn lower(state: &str) -> String {
    state.to_lowercase()
}

fn failure(task: &TaskReport) -> String {
    let mut text = format!("\n{} failed", printable(&task.label));
    if let Some(code) = task.exit_code {
        let _ = write!(text, " with exit code {code}");
    }
    if let Some(class) = task.class {
        let _ = write!(text, " ({class})");
    }
    if let Some(message) = &task.message {
        let _ = write!(text, ": {message}");
    }
    text.push('\n');
    for line in &task.log_tail {
        let _ = writeln!(text, "  | {}", printable(line));
    }
    if let Some(log) = &task.log {
        let _ = writeln!(text, "  full log: {}", log.display());
    }
    text
}

/// Returns the summary as JSON.
pub(crate) fn json(report: &RunReport) -> Value {
    let task = |task: &TaskReport| {
        json!({
            "task": task.path,
            "id": task.id,
            "name": task.name,
            "kind": task.kind.as_str(),
            "state": task.state.as_str(),
            "seconds": task.duration.as_secs_f64(),
            "attempts": task.attempts,
            "cached_from": task.cached_from.as_ref().map(RunId::as_str),
            "outputs": task.outputs,
            "message": task.message,
            "exit_code": task.exit_code,
            "class": task.class.map(|class| class.to_string()),
            "log": task.log,
        })
    };
    json!({
        "run": report.id.as_str(),
        "state": report.state.as_str(),
        "message": report.message,
        "seconds": report.duration.as_secs_f64(),
        "outputs": report.outputs,
        "tasks": report.tasks.iter().map(task).collect::<Vec<Value>>(),
    })
}
