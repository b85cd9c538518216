//! Compares a run with its expectations.

use std::collections::BTreeMap;

use kfp_model::value::encode;
use serde_json::{Map, Value};

use super::{Ending, Run, TaskExpectation};

/// The outcome of a run on some backend.
#[derive(Debug, Clone)]
pub struct Observed {
    /// How the run ended.
    pub state: Ending,
    /// The message of the backend about a rejected run.
    pub message: Option<String>,
    /// The outputs of the pipeline; `None` if the backend does not report them.
    pub outputs: Option<BTreeMap<String, Value>>,
    /// The steps, by the names that expectations use.
    pub tasks: BTreeMap<String, ObservedTask>,
    /// Other problems of the run.
    pub problems: Vec<String>,
}

/// The outcome of a step on some backend.
#[derive(Debug, Clone)]
pub struct ObservedTask {
    /// How the step ended.
    pub state: Ending,
    /// Its outputs.
    pub outputs: BTreeMap<String, Value>,
    /// The number of attempts; `None` if the backend does not report it.
    pub attempts: Option<u32>,
    /// The exit code of the last attempt.
    pub exit_code: Option<i32>,
    /// The message of the backend about the end of the step.
    pub message: Option<String>,
}

/// Returns every difference between the run and its expectations, one per line.
pub fn differences(run: &Run, observed: &Observed) -> Vec<String> {
    let mut lines = observed.problems.clone();
    if run.state != observed.state {
        lines.push(format!("the run: expected {}, found {}", run.state, observed.state));
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
            None => lines.push(format!("{name}: expected {}, found no such step", expected.state)),
        }
    }
    for (name, task) in observed.tasks.iter().filter(|(name, _)| !run.tasks.contains_key(*name)) {
        lines.push(format!("{name}: expected no such step, found {}", task.state));
    }
    lines
}

fn compare_task(name: &str, expected: &TaskExpectation, found: &ObservedTask, lines: &mut Vec<String>) {
    if expected.state != found.state {
        let message = found.message.as_deref().unwrap_or("no message");
        lines.push(format!("{name}: expected {}, found {} ({message})", expected.state, found.state));
    }
    if !expected.any_outputs {
        compare_values(name, &expected.outputs, &found.outputs, lines);
    }
    if let (Some(expected), Some(found)) = (expected.attempts, found.attempts)
        && expected != found
    {
        lines.push(format!("{name}: expected {expected} attempts, found {found}"));
    }
    if expected.exit_code.is_some() && expected.exit_code != found.exit_code {
        let codes = (expected.exit_code, found.exit_code);
        lines.push(format!("{name}: expected exit code {:?}, found {:?}", codes.0, codes.1));
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
            Some(other) => lines.push(format!("{name}: expected {output} = {value}, found {other}")),
            None => lines.push(format!("{name}: expected {output} = {value}, found nothing")),
        }
    }
    for (output, value) in found.iter().filter(|(output, _)| !expected.contains_key(*output)) {
        if !is_artifact(value) {
            lines.push(format!("{name}: expected no {output}, found {value}"));
        }
    }
}

/// Returns whether the value is an artifact or a list of artifacts.
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
    fn reports_all_differences() {
        let run = Run::succeeds()
            .returned("a", 1)
            .returned("b", 2)
            .failed_with("c", 10)
            .returned("e", 1.0)
            .attempts("e", 2);
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
            "the run: expected Succeeded, found Failed",
            "the run: expected the message \"invalid\", found \"failed\"",
            "b: expected Succeeded, found Skipped (no message)",
            "b: expected output = 2, found \"2\"",
            "c: expected exit code Some(10), found None",
            "e: expected 2 attempts, found 1",
            "d: expected no such step, found Failed",
        ];
        assert_eq!(differences(&run, &observed), expected);
    }
}
