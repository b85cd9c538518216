//! What happened, held against what was expected.

use std::collections::BTreeMap;

use kfp_model::value::encode;
use serde_json::{Map, Value};

use super::{Ending, Run, TaskExpectation};

/// What a backend has made of a run.
#[derive(Debug, Clone)]
pub struct Observed {
    /// How the run ended.
    pub state: Ending,
    /// What the backend said about the end of a run that was refused.
    pub message: Option<String>,
    /// What the pipeline gave back; nothing where the backend does not tell.
    pub outputs: Option<BTreeMap<String, Value>>,
    /// The steps, named as expectations name them.
    pub tasks: BTreeMap<String, ObservedTask>,
    /// What else is wrong with the run.
    pub problems: Vec<String>,
}

/// What a backend has made of a step.
#[derive(Debug, Clone)]
pub struct ObservedTask {
    /// How it ended.
    pub state: Ending,
    /// What it gave.
    pub outputs: BTreeMap<String, Value>,
    /// How often it was tried; nothing where the backend does not tell.
    pub attempts: Option<u32>,
    /// The exit code of the last try.
    pub exit_code: Option<i32>,
    /// What the backend said about the end.
    pub message: Option<String>,
}

/// Everything in which the run was not as expected, a line each.
pub fn differences(run: &Run, observed: &Observed) -> Vec<String> {
    let mut lines = observed.problems.clone();
    if run.state != observed.state {
        lines.push(format!("the run: {} expected, {} found", run.state, observed.state));
    }
    if let Some(expected) = &run.message {
        let found = observed.message.as_deref().unwrap_or_default();
        if !found.contains(expected.as_str()) {
            lines.push(format!("the run: expected the message {expected:?}, found {found:?}"));
        }
    }
    if let Some(outputs) = &observed.outputs {
        compare_values("the run", &run.outputs, outputs, &mut lines);
    }
    for (name, expected) in &run.tasks {
        match observed.tasks.get(name) {
            Some(task) => compare_task(name, expected, task, &mut lines),
            None => lines.push(format!("{name}: {} expected, no such step found", expected.state)),
        }
    }
    for (name, task) in observed.tasks.iter().filter(|(name, _)| !run.tasks.contains_key(*name)) {
        lines.push(format!("{name}: nothing expected, {} found", task.state));
    }
    lines
}

fn compare_task(name: &str, expected: &TaskExpectation, found: &ObservedTask, lines: &mut Vec<String>) {
    if expected.state != found.state {
        let message = found.message.as_deref().unwrap_or("no message");
        lines.push(format!("{name}: {} expected, {} found ({message})", expected.state, found.state));
    }
    if !expected.gives_anything {
        compare_values(name, &expected.outputs, &found.outputs, lines);
    }
    if let (Some(expected), Some(found)) = (expected.attempts, found.attempts)
        && expected != found
    {
        lines.push(format!("{name}: {expected} tries expected, {found} found"));
    }
    if expected.exit_code.is_some() && expected.exit_code != found.exit_code {
        let codes = (expected.exit_code, found.exit_code);
        lines.push(format!("{name}: exit code {:?} expected, {:?} found", codes.0, codes.1));
    }
}

fn compare_values(
    name: &str,
    expected: &BTreeMap<String, Value>,
    found: &BTreeMap<String, Value>,
    lines: &mut Vec<String>,
) {
    for (output, value) in expected {
        match found.get(output) {
            Some(other) if encode(value) == encode(other) => {}
            Some(other) => lines.push(format!("{name}: {output} = {value} expected, {other} found")),
            None => lines.push(format!("{name}: {output} = {value} expected, nothing found")),
        }
    }
    for (output, value) in found.iter().filter(|(output, _)| !expected.contains_key(*output)) {
        if !is_artifact(value) {
            lines.push(format!("{name}: no {output} expected, {value} found"));
        }
    }
}

/// Whether the value is an artifact, or a list of them.
fn is_artifact(value: &Value) -> bool {
    match value {
        Value::Object(fields) => has_type(fields),
        Value::Array(items) => !items.is_empty() && items.iter().all(is_artifact),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn has_type(fields: &Map<String, Value>) -> bool {
    fields.get("type").is_some_and(|r#type| r#type.get("schemaTitle").is_some())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(state: Ending, output: Value) -> ObservedTask {
        let outputs = BTreeMap::from([("output".to_owned(), output)]);
        ObservedTask { state, outputs, attempts: Some(1), exit_code: None, message: None }
    }

    #[test]
    fn whatever_differs_is_told() {
        let run = Run::succeeds().gave("a", 1).gave("b", 2).failed_with("c", 10).gave("e", 1.0).tried("e", 2);
        let run = Run { message: Some("invalid".to_owned()), ..run };
        let artifact = json!({"type": {"schemaTitle": "system.Model"}});
        let tasks = BTreeMap::from([
            ("a".to_owned(), found(Ending::Succeeded, json!(1))),
            ("b".to_owned(), found(Ending::Skipped, json!("2"))),
            ("c".to_owned(), found(Ending::Failed, artifact)),
            ("d".to_owned(), found(Ending::Failed, json!(0))),
            ("e".to_owned(), found(Ending::Succeeded, json!(1))),
        ]);
        let problems = Vec::new();
        let message = Some("failed".to_owned());
        let observed = Observed { state: Ending::Failed, message, outputs: None, tasks, problems };
        let expected = [
            "the run: Succeeded expected, Failed found",
            "the run: expected the message \"invalid\", found \"failed\"",
            "b: Succeeded expected, Skipped found (no message)",
            "b: output = 2 expected, \"2\" found",
            "c: exit code Some(10) expected, None found",
            "e: 2 tries expected, 1 found",
            "d: nothing expected, Failed found",
        ];
        assert_eq!(differences(&run, &observed), expected);
    }
}
