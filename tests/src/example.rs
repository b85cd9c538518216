//! Runs of the example `llm-finetuning`, each in a separate folder and with a webhook to notify.

use std::fmt;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Listener, Programs, workspace};

/// Strings that something between the command line and a step could misinterpret.
pub const HOSTILE: &[&str] = &[
    "it's \"quoted\" `twice`",
    "two\nlines\r\nand\ttabs",
    "{{workflow.name}}",
    "{{",
    "}} {{=1+1}}",
    "$(HOME)",
    "$$ ${HOME} $HOME",
    "emoji 🚀 and flag 🇩🇪",
    "control \u{1} \u{1b}[31m \u{7f}",
    "json:\"x\"",
    "\\u007b \\n \\",
    "NUL is not text, but  space  is ",
];

/// The environment of Python packages is created once for all tests, in a store that they share.
fn store() -> PathBuf {
    Programs::get().kfpc.with_file_name("example-store")
}

/// A run of the example, before it starts.
#[derive(Debug)]
pub struct Run {
    folder: Rc<TempDir>,
    store: PathBuf,
    hook: String,
    models: String,
    data: PathBuf,
    /// Whether the parameters and secrets that the pipeline requires are left out.
    bare: bool,
    arguments: Vec<String>,
}

/// A run that has ended.
#[derive(Debug)]
pub struct FinishedRun {
    /// The exit code of `kfpc`.
    pub code: i32,
    run: Run,
    report: Value,
    stderr: String,
}

/// Returns a row of the example's data.
pub fn row(text: &str, label: &str) -> String {
    format!("\"{}\",{label}\n", text.replace('"', "\"\""))
}

impl Run {
    /// Creates a run in a new folder that notifies the listener.
    ///
    /// # Panics
    /// Panics if the folder cannot be created.
    pub fn new(name: &str, hook: &Listener) -> Self {
        let folder =
            tempfile::Builder::new().prefix(name).tempdir().expect("cannot create a temporary folder");
        Self {
            models: folder.path().join("models").display().to_string(),
            store: store(),
            hook: hook.address().to_owned(),
            data: workspace().join("examples/llm-finetuning/data/support-tickets.csv"),
            bare: false,
            arguments: Vec::new(),
            folder: Rc::new(folder),
        }
    }

    /// Sets a parameter of the pipeline, in the form `NAME=VALUE`.
    #[must_use]
    pub fn parameter(mut self, parameter: &str) -> Self {
        self.arguments.extend(["-p".to_owned(), parameter.to_owned()]);
        self
    }

    /// Adds an argument of `kfpc`.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Deploys to the folder `name` inside the folder of the run.
    #[must_use]
    pub fn models(mut self, name: &str) -> Self {
        self.models = self.folder.path().join(name).display().to_string();
        self
    }

    /// Trains on these rows in addition.
    #[must_use]
    pub fn more_data(mut self, rows: impl Iterator<Item = String>) -> Self {
        let text = fs::read_to_string(&self.data).expect("the data can be read") + &rows.collect::<String>();
        self.data = self.folder.path().join("more.csv");
        fs::write(&self.data, text).expect("the data can be written");
        self
    }

    /// Trains on the file of that name in the folder of the run.
    #[must_use]
    pub fn data(mut self, name: &str) -> Self {
        self.data = self.folder.path().join(name);
        self
    }

    /// Uses a separate store; only the Python environments are shared with the other tests.
    ///
    /// # Panics
    /// Panics if the store cannot be created.
    #[must_use]
    pub fn own_store(mut self) -> Self {
        let shared = self.store.join("venvs");
        self.store = self.folder.path().join("store");
        for folder in [&shared, &self.store] {
            fs::create_dir_all(folder).expect("cannot create a store");
        }
        symlink(shared, self.store.join("venvs")).expect("the environments can be shared");
        self
    }

    /// Leaves out the parameters and secrets that the pipeline requires.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// Returns the command of the run. It is valid as long as the run exists.
    pub fn command(&self) -> Command {
        let programs = Programs::get();
        let mut command = programs.kfpc(self.folder.path());
        command.args(["run", "--format", "json", "--store"]).arg(&self.store).arg(&programs.llm_finetuning);
        if !self.bare {
            command.env("HOOK", &self.hook).args(["--secret", "slack/url=env:HOOK"]);
            command.arg("-p").arg(format!("raw_data_path={}", self.data.display()));
            command.arg("-p").arg(format!("model_repo={}", self.models));
            command.args(["-p", "slack_webhook=slack/url"]);
        }
        command.args(&self.arguments);
        command
    }

    /// Runs the command and waits for it.
    pub fn start(self) -> FinishedRun {
        let output = self.command().output().expect("kfpc can be started");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        FinishedRun { code: output.status.code().unwrap_or(-1), run: self, report, stderr }
    }
}

impl FinishedRun {
    /// Returns the same run again, in the same folder.
    pub fn again(&self) -> Run {
        Run {
            folder: Rc::clone(&self.run.folder),
            store: self.run.store.clone(),
            hook: self.run.hook.clone(),
            models: self.run.models.clone(),
            data: self.run.data.clone(),
            bare: false,
            arguments: Vec::new(),
        }
    }

    /// Returns the folder of the run.
    pub fn folder(&self) -> &Path {
        self.run.folder.path()
    }

    /// Returns the folder that models are deployed to.
    pub fn models(&self) -> String {
        self.run.models.clone()
    }

    /// Returns the task in the report.
    pub fn task(&self, name: &str) -> &Value {
        let tasks = self.report["tasks"].as_array();
        tasks
            .and_then(|tasks| tasks.iter().find(|task| task["name"] == name))
            .unwrap_or_else(|| panic!("no `{name}` in the report:\n{self}"))
    }

    /// Returns how a task ended.
    pub fn state(&self, name: &str) -> &str {
        self.task(name)["state"].as_str().expect("a task has a state")
    }

    /// Returns the JSON in an artifact that a task produced.
    pub fn artifact(&self, task: &str, name: &str) -> Value {
        let key = self.task(task)["outputs"][name]["key"].as_str().expect("an artifact has a key");
        let bytes = fs::read(self.run.store.join(key)).expect("the artifact is in the store");
        serde_json::from_slice(&bytes).expect("the artifact is JSON")
    }
}

impl fmt::Display for FinishedRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}\n{:#}\n{}", self.code, self.report, self.stderr)
    }
}
