//! One run of a case: its inputs and its expectations.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The placeholder for the folder of the case in the arguments of a run.
const FOLDER: &str = "@folder";

/// Returns the argument of a run with `@folder` replaced by the folder of the case.
pub fn located(argument: &Value, folder: &str) -> Value {
    match argument {
        Value::String(string) => Value::String(string.replace(FOLDER, folder)),
        Value::Array(items) => items.iter().map(|item| located(item, folder)).collect(),
        other => other.clone(),
    }
}

/// How a task or a run is expected to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It did its work.
    Succeeded,
    /// Its result was taken from the cache.
    Cached,
    /// It failed.
    Failed,
    /// It could not be started, or was killed from outside.
    Error,
    /// It was not needed.
    Skipped,
    /// It did not run because something before it failed.
    Omitted,
    /// It was cancelled together with the run.
    Cancelled,
}

/// The expectations of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskExpectation {
    /// How the step ends.
    pub state: Ending,
    /// Its output parameters. Artifacts are not listed: steps that read them output their contents.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Value>,
    /// Whether its outputs differ from run to run and are not compared.
    #[serde(default)]
    pub any_outputs: bool,
    /// The number of attempts, where that is part of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The exit code of the last attempt, where that is part of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Whether it fails because an expression rejects a value, which is an error in Argo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
}

/// One run of a case.
///
/// Steps are named by their path: the names of pipeline calls and the numbers of iterations, each followed by `/`,
/// then the name of the task. Branches and exit handlers are left out. `train/2/add` is the task `add` in the third
/// iteration of a loop in the pipeline that the task `train` calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Arguments of the pipeline. `@folder` in a string is the folder of the case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, Value>,
    /// Arguments of the pipeline as strings typed by users.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub typed: BTreeMap<String, String>,
    /// Available secrets, by `NAME/KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    /// Available keys of config maps, by `NAME/KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config_maps: BTreeMap<String, String>,
    /// Files in the folder of the case, with their content.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// The values given with each approval, as strings by name, by the name of the approval task.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub approvals: BTreeMap<String, BTreeMap<String, String>>,
    /// The epoch of the cache; 0 by default.
    #[serde(default)]
    pub cache_epoch: u64,
    /// Whether another build of the binary runs the Rust steps.
    #[serde(default)]
    pub other_program: bool,
    /// The pause before the run in seconds, in which cached results grow older.
    #[serde(default)]
    pub pause_seconds: u64,
    /// How the run ends.
    pub state: Ending,
    /// Whether it fails because an expression rejects a value, which is an error in Argo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
    /// A part of the message of a rejected run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The outputs of the pipeline.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Value>,
    /// Every step of the run, and how it ends.
    pub tasks: BTreeMap<String, TaskExpectation>,
}

impl Run {
    /// Expects a run that succeeds.
    pub fn succeeds() -> Self {
        Self::ending(Ending::Succeeded)
    }

    /// Expects a run that fails.
    pub fn fails() -> Self {
        Self::ending(Ending::Failed)
    }

    /// Expects a run that fails because an expression rejects a value.
    pub fn refuses() -> Self {
        Self { is_refused: true, ..Self::fails() }
    }

    fn ending(state: Ending) -> Self {
        Self {
            arguments: BTreeMap::new(),
            typed: BTreeMap::new(),
            secrets: BTreeMap::new(),
            config_maps: BTreeMap::new(),
            files: BTreeMap::new(),
            approvals: BTreeMap::new(),
            cache_epoch: 0,
            other_program: false,
            pause_seconds: 0,
            state,
            is_refused: false,
            message: None,
            outputs: BTreeMap::new(),
            tasks: BTreeMap::new(),
        }
    }

    /// Expects a run whose argument is rejected with that message before any step starts.
    pub fn refuses_argument(name: &str, text: &str, message: &str) -> Self {
        Self { message: Some(message.to_owned()), ..Self::refuses() }.typed(name, text)
    }

    /// Returns whether an argument of the run refers to the folder of the case.
    pub fn reads_from_outside(&self) -> bool {
        self.arguments.values().any(|argument| argument.to_string().contains(FOLDER))
    }

    /// Sets an argument of the pipeline.
    #[must_use]
    pub fn argument(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }

    /// Sets an argument of the pipeline as a string typed by a user.
    #[must_use]
    pub fn typed(mut self, name: &str, text: &str) -> Self {
        self.typed.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Makes a secret available to the run.
    #[must_use]
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Makes a key of a config map available to the run.
    #[must_use]
    pub fn config_map(mut self, name: &str, value: &str) -> Self {
        self.config_maps.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Adds a file to the folder of the case.
    #[must_use]
    pub fn file(mut self, name: &str, content: &str) -> Self {
        self.files.insert(name.to_owned(), content.to_owned());
        self
    }

    /// Approves the approval task `task`, with these values as a user would type them.
    #[must_use]
    pub fn approval(mut self, task: &str, values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.approvals.insert(task.to_owned(), values);
        self
    }

    /// Sets the epoch of the cache.
    #[must_use]
    pub fn cache_epoch(mut self, epoch: u64) -> Self {
        self.cache_epoch = epoch;
        self
    }

    /// Runs the Rust steps with another build of the binary.
    #[must_use]
    pub fn other_program(mut self) -> Self {
        self.other_program = true;
        self
    }

    /// Starts the run `seconds` seconds after the previous one has ended.
    #[must_use]
    pub fn after_seconds(mut self, seconds: u64) -> Self {
        self.pause_seconds = seconds;
        self
    }

    /// Expects `value` as the pipeline output `output`.
    #[must_use]
    pub fn output(self, value: impl Into<Value>) -> Self {
        self.output_named("output", value)
    }

    /// Expects `value` as the pipeline output `name`.
    #[must_use]
    pub fn output_named(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.outputs.insert(name.to_owned(), value.into());
        self
    }

    /// Expects a step that succeeds with `value` as its output `output`.
    #[must_use]
    pub fn returned(self, task: &str, value: impl Into<Value>) -> Self {
        self.returned_all(task, json!({"output": value.into()}))
    }

    /// Expects a step that succeeds with these outputs by name.
    ///
    /// # Panics
    /// Panics if `values` is not an object.
    #[must_use]
    pub fn returned_all(self, task: &str, values: Value) -> Self {
        let Value::Object(values) = values else { panic!("the outputs of `{task}` are not an object") };
        self.expect(task, Ending::Succeeded, values.into_iter().collect())
    }

    /// Expects a step that succeeds without output parameters.
    #[must_use]
    pub fn succeeded(self, task: &str) -> Self {
        self.expect(task, Ending::Succeeded, BTreeMap::new())
    }

    /// Expects a step that succeeds with outputs that differ from run to run.
    ///
    /// # Panics
    /// Never: the step was added on the line before.
    #[must_use]
    pub fn returned_anything(self, task: &str) -> Self {
        let mut run = self.succeeded(task);
        run.tasks.get_mut(task).expect("the step was added").any_outputs = true;
        run
    }

    /// Expects a step whose result comes from the cache, with `value` as its output `output`.
    #[must_use]
    pub fn cached(self, task: &str, value: impl Into<Value>) -> Self {
        let outputs = BTreeMap::from([("output".to_owned(), value.into())]);
        self.expect(task, Ending::Cached, outputs)
    }

    /// Expects a step whose result comes from the cache, without output parameters.
    #[must_use]
    pub fn cached_files(self, task: &str) -> Self {
        self.expect(task, Ending::Cached, BTreeMap::new())
    }

    /// Expects a step that fails.
    #[must_use]
    pub fn failed(self, task: &str) -> Self {
        self.expect(task, Ending::Failed, BTreeMap::new())
    }

    /// Expects a step that fails with this exit code.
    ///
    /// # Panics
    /// Never: the step was added on the line before.
    #[must_use]
    pub fn failed_with(self, task: &str, exit_code: i32) -> Self {
        let mut run = self.failed(task);
        run.tasks.get_mut(task).expect("the step was added").exit_code = Some(exit_code);
        run
    }

    /// Expects a step that fails because an expression rejects a value.
    ///
    /// # Panics
    /// Never: the step was added on the line before.
    #[must_use]
    pub fn refused(self, task: &str) -> Self {
        let mut run = self.failed(task);
        run.tasks.get_mut(task).expect("the step was added").is_refused = true;
        run
    }

    /// Expects steps that are not needed.
    #[must_use]
    pub fn skipped(self, tasks: &[&str]) -> Self {
        tasks.iter().fold(self, |run, task| run.expect(task, Ending::Skipped, BTreeMap::new()))
    }

    /// Expects steps that do not run because something before them failed.
    #[must_use]
    pub fn omitted(self, tasks: &[&str]) -> Self {
        tasks.iter().fold(self, |run, task| run.expect(task, Ending::Omitted, BTreeMap::new()))
    }

    /// Expects steps that are cancelled together with the run.
    #[must_use]
    pub fn cancelled(self, tasks: &[&str]) -> Self {
        tasks.iter().fold(self, |run, task| run.expect(task, Ending::Cancelled, BTreeMap::new()))
    }

    /// Expects this number of attempts of a step.
    ///
    /// # Panics
    /// Panics if nothing is expected of the step yet.
    #[must_use]
    pub fn attempts(mut self, task: &str, attempts: u32) -> Self {
        let expected = self.tasks.get_mut(task).unwrap_or_else(|| panic!("`{task}` has no expectation yet"));
        expected.attempts = Some(attempts);
        self
    }

    fn expect(mut self, task: &str, state: Ending, outputs: BTreeMap<String, Value>) -> Self {
        let expected = TaskExpectation {
            state,
            outputs,
            any_outputs: false,
            attempts: None,
            exit_code: None,
            is_refused: false,
        };
        let previous = self.tasks.insert(task.to_owned(), expected);
        assert!(previous.is_none(), "duplicate expectation of `{task}`");
        self
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
