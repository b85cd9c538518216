//! One run of a case: what it is given, and what is expected of it.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What stands for the folder of the case in the arguments of a run.
const FOLDER: &str = "@folder";

/// The argument of a run, with the folder of the case in the place of `@folder`.
pub fn located(argument: &Value, folder: &str) -> Value {
    match argument {
        Value::String(text) => Value::String(text.replace(FOLDER, folder)),
        Value::Array(items) => items.iter().map(|item| located(item, folder)).collect(),
        other => other.clone(),
    }
}

/// How a task or a run is expected to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// It did what it should.
    Succeeded,
    /// Its result was taken from the cache.
    Cached,
    /// It failed.
    Failed,
    /// It could not be started, or was ended from outside.
    Error,
    /// It was not needed.
    Skipped,
    /// It did not run because something before it failed.
    Omitted,
    /// It was ended because the run was.
    Cancelled,
}

/// What is expected of one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskExpectation {
    /// How it ends.
    pub state: Ending,
    /// Its output parameters. Artifacts are not listed: steps that read them tell what is in them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Value>,
    /// Whether its outputs differ from run to run, so that nothing can be said about them.
    #[serde(default)]
    pub gives_anything: bool,
    /// How often it was tried, where that is part of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The exit code of the last try, where that is part of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// Whether it fails because an expression refuses a value, which is an error to Argo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
}

/// One run of a case.
///
/// Steps are named by what leads to them: the names of calls of pipelines and the numbers of iterations, each
/// followed by `/`, then the name of the task. Branches and exit handlers do not show. `train/2/add` is the
/// task `add` in the third iteration of a loop in the pipeline that the task `train` calls.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// Arguments of the pipeline. `@folder` in a text is the folder of the case.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, Value>,
    /// Arguments of the pipeline as texts that users type.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub typed: BTreeMap<String, String>,
    /// Secrets that there are, by `NAME/KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub secrets: BTreeMap<String, String>,
    /// Keys of config maps that there are, by `NAME/KEY`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config_maps: BTreeMap<String, String>,
    /// Files that are in the folder of the case, with their content.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// What whoever approves gives, as texts by name, by the name of the task that asks.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub approvals: BTreeMap<String, BTreeMap<String, String>>,
    /// By how much the epoch of the cache has been raised.
    #[serde(default)]
    pub cache_epoch: u64,
    /// Whether another build of the program runs the Rust steps.
    #[serde(default)]
    pub other_program: bool,
    /// The pause before the run, in seconds, during which cached results become older.
    #[serde(default)]
    pub pause_seconds: u64,
    /// How the run ends.
    pub state: Ending,
    /// Whether it fails because an expression refuses a value, which is an error to Argo.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_refused: bool,
    /// What the message of a refused run contains.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// What the pipeline gives back.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub outputs: BTreeMap<String, Value>,
    /// Every step there is, and how it ends.
    pub tasks: BTreeMap<String, TaskExpectation>,
}

impl Run {
    /// A run that succeeds.
    pub fn succeeds() -> Self {
        Self::ending(Ending::Succeeded)
    }

    /// A run that fails.
    pub fn fails() -> Self {
        Self::ending(Ending::Failed)
    }

    /// A run that fails as an expression refuses a value.
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

    /// A run whose argument is refused with that message, before any step starts.
    pub fn refuses_argument(name: &str, text: &str, message: &str) -> Self {
        Self { message: Some(message.to_owned()), ..Self::refuses() }.typed(name, text)
    }

    /// Whether something that the run is given lies in the folder of the case.
    pub fn reads_from_outside(&self) -> bool {
        self.arguments.values().any(|argument| argument.to_string().contains(FOLDER))
    }

    /// Gives the pipeline an argument.
    #[must_use]
    pub fn argument(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.arguments.insert(name.to_owned(), value.into());
        self
    }

    /// Gives the pipeline an argument as a text that a user types.
    #[must_use]
    pub fn typed(mut self, name: &str, text: &str) -> Self {
        self.typed.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Puts a secret where the run finds it.
    #[must_use]
    pub fn secret(mut self, name: &str, value: &str) -> Self {
        self.secrets.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Puts a key of a config map where the run finds it.
    #[must_use]
    pub fn config_map(mut self, name: &str, value: &str) -> Self {
        self.config_maps.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Puts a file into the folder of the case.
    #[must_use]
    pub fn file(mut self, name: &str, content: &str) -> Self {
        self.files.insert(name.to_owned(), content.to_owned());
        self
    }

    /// Approves a task that asks, with these values as somebody would type them.
    #[must_use]
    pub fn approval(mut self, task: &str, values: &[(&str, &str)]) -> Self {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.approvals.insert(task.to_owned(), values);
        self
    }

    /// Raises the epoch of the cache.
    #[must_use]
    pub fn cache_epoch(mut self, epoch: u64) -> Self {
        self.cache_epoch = epoch;
        self
    }

    /// Runs the Rust steps of another build of the program.
    #[must_use]
    pub fn other_program(mut self) -> Self {
        self.other_program = true;
        self
    }

    /// Begins so many seconds after the run before it has ended.
    #[must_use]
    pub fn after_seconds(mut self, seconds: u64) -> Self {
        self.pause_seconds = seconds;
        self
    }

    /// The one value that the pipeline gives back under the usual name.
    #[must_use]
    pub fn output(self, value: impl Into<Value>) -> Self {
        self.output_named("output", value)
    }

    /// A value that the pipeline gives back.
    #[must_use]
    pub fn output_named(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.outputs.insert(name.to_owned(), value.into());
        self
    }

    /// A step that gives one value under the usual name.
    #[must_use]
    pub fn gave(self, task: &str, value: impl Into<Value>) -> Self {
        self.gave_all(task, json!({"output": value.into()}))
    }

    /// A step that gives these values by name.
    ///
    /// # Panics
    /// The values are no object.
    #[must_use]
    pub fn gave_all(self, task: &str, values: Value) -> Self {
        let Value::Object(values) = values else { panic!("the values of `{task}` have no names") };
        self.expect(task, Ending::Succeeded, values.into_iter().collect())
    }

    /// A step that succeeds and gives no parameters.
    #[must_use]
    pub fn did(self, task: &str) -> Self {
        self.expect(task, Ending::Succeeded, BTreeMap::new())
    }

    /// A step that succeeds and gives something that differs from run to run.
    ///
    /// # Panics
    /// Never: the step was noted the line before.
    #[must_use]
    pub fn gave_something(self, task: &str) -> Self {
        let mut run = self.did(task);
        run.tasks.get_mut(task).expect("the task was noted").gives_anything = true;
        run
    }

    /// Steps whose result is taken from the cache, with one value under the usual name.
    #[must_use]
    pub fn cached(self, task: &str, value: impl Into<Value>) -> Self {
        let outputs = BTreeMap::from([("output".to_owned(), value.into())]);
        self.expect(task, Ending::Cached, outputs)
    }

    /// A step whose result is taken from the cache, without parameters.
    #[must_use]
    pub fn cached_files(self, task: &str) -> Self {
        self.expect(task, Ending::Cached, BTreeMap::new())
    }

    /// A step that fails.
    #[must_use]
    pub fn failed(self, task: &str) -> Self {
        self.expect(task, Ending::Failed, BTreeMap::new())
    }

    /// A step that ends with this exit code.
    ///
    /// # Panics
    /// Never: the step was noted the line before.
    #[must_use]
    pub fn failed_with(self, task: &str, exit_code: i32) -> Self {
        let mut run = self.failed(task);
        run.tasks.get_mut(task).expect("the task was noted").exit_code = Some(exit_code);
        run
    }

    /// A step that fails as an expression refuses a value.
    ///
    /// # Panics
    /// Never: the step was noted the line before.
    #[must_use]
    pub fn refused(self, task: &str) -> Self {
        let mut run = self.failed(task);
        run.tasks.get_mut(task).expect("the task was noted").is_refused = true;
        run
    }

    /// Steps that are not needed.
    #[must_use]
    pub fn skipped(self, tasks: &[&str]) -> Self {
        tasks.iter().fold(self, |run, task| run.expect(task, Ending::Skipped, BTreeMap::new()))
    }

    /// Steps that do not run because something before them failed.
    #[must_use]
    pub fn omitted(self, tasks: &[&str]) -> Self {
        tasks.iter().fold(self, |run, task| run.expect(task, Ending::Omitted, BTreeMap::new()))
    }

    /// Steps that are ended because the run is.
    #[must_use]
    pub fn cancelled(self, tasks: &[&str]) -> Self {
        tasks.iter().fold(self, |run, task| run.expect(task, Ending::Cancelled, BTreeMap::new()))
    }

    /// How often a step is tried.
    ///
    /// # Panics
    /// Nothing was said about the step before.
    #[must_use]
    pub fn tried(mut self, task: &str, attempts: u32) -> Self {
        let expected = self.tasks.get_mut(task).unwrap_or_else(|| panic!("how does `{task}` end?"));
        expected.attempts = Some(attempts);
        self
    }

    fn expect(mut self, task: &str, state: Ending, outputs: BTreeMap<String, Value>) -> Self {
        let expected = TaskExpectation {
            state,
            outputs,
            gives_anything: false,
            attempts: None,
            exit_code: None,
            is_refused: false,
        };
        let before = self.tasks.insert(task.to_owned(), expected);
        assert!(before.is_none(), "`{task}` is expected twice");
        self
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
