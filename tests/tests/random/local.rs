//! Runs random pipelines in this process, and returns the reproducible part of the outcome.

#[path = "../../conformance/components/random.rs"]
mod steps;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use kfp_model::{Component, ComponentId, Rehearsal, Runnable};
use kfp_runner::{Harness, Kind, RunReport, State};
use serde_json::{Map, Value};
use tests::random::{NAME, RandomPipeline};

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) state: State,
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The tasks by path.
    pub(crate) tasks: BTreeMap<String, TaskOutcome>,
}

/// The outcome of a task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TaskOutcome {
    pub(crate) kind: Kind,
    pub(crate) state: State,
    pub(crate) outputs: BTreeMap<String, Value>,
    pub(crate) exit_code: Option<i32>,
}

/// Returns the steps that random pipelines call.
pub(crate) fn components() -> IndexMap<ComponentId, Component> {
    steps::steps().document.components
}

/// Runs the pipeline.
pub(crate) fn run(pipeline: &RandomPipeline, harness: Harness) -> Outcome {
    outcome(harness.run(Ready(pipeline.clone())).report())
}

/// A pipeline that a harness can run.
struct Ready(RandomPipeline);

impl Runnable for Ready {
    fn rehearsal(self) -> Result<Rehearsal, String> {
        let RandomPipeline { document, arguments } = self.0;
        Ok(Rehearsal { document, arguments, pipeline: NAME.to_owned(), ..steps::steps() })
    }
}

fn outcome(report: &RunReport) -> Outcome {
    let ended = |task: &kfp_runner::TaskReport| TaskOutcome {
        kind: task.kind,
        state: task.state,
        outputs: values(&task.outputs),
        exit_code: task.exit_code,
    };
    let tasks = report.tasks.iter().map(|task| (written(&task.path), ended(task))).collect();
    Outcome { state: report.state, outputs: values(&report.outputs), tasks }
}

fn values(values: &BTreeMap<String, Value>) -> BTreeMap<String, Value> {
    values.iter().map(|(name, value)| (name.clone(), plain(value))).collect()
}

/// Returns the value with the locations of artifacts removed.
pub(crate) fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields)
            if fields.get("type").is_some_and(|r#type| r#type["schemaTitle"].is_string()) =>
        {
            Value::from("an artifact")
        }
        Value::Object(fields) => {
            let fields: Map<String, Value> =
                fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
            Value::Object(fields)
        }
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

/// Decodes the task names in a path, in which the runner encodes some bytes, such as `%2F`.
fn written(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        match code.and_then(|digits| u8::from_str_radix(digits, 16).ok()).filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
