//! Runs of the example `llm-finetuning`, each in a folder of its own, with a webhook to tell.

use std::fmt;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;

use serde_json::Value;
use tempfile::TempDir;

use crate::{Listener, Programs, workspace};

/// Texts that something between the command line and a step could take for something else.
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
    "NUL is no text, but  space  is ",
];

/// The environment of Python packages is made once for all tests: it lies in a store that they share.
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
    /// Without the parameters and secrets that the pipeline requires.
    bare: bool,
    arguments: Vec<String>,
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code of `kfpc`.
    pub code: i32,
    run: Run,
    report: Value,
    stderr: String,
}

/// A row of the example's data.
pub fn row(text: &str, label: &str) -> String {
    format!("\"{}\",{label}\n", text.replace('"', "\"\""))
}

impl Run {
    /// A run in a folder of its own, which tells the listener.
    ///
    /// # Panics
    /// There is no room for the folder.
    pub fn new(name: &str, hook: &Listener) -> Self {
        let folder = tempfile::Builder::new().prefix(name).tempdir().expect("there is room for a folder");
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

    /// Gives the pipeline a parameter, as `NAME=VALUE`.
    #[must_use]
    pub fn parameter(mut self, parameter: &str) -> Self {
        self.arguments.extend(["-p".to_owned(), parameter.to_owned()]);
        self
    }

    /// Gives `kfpc` another argument.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Deploys to this folder, below the one of the run.
    #[must_use]
    pub fn models(mut self, name: &str) -> Self {
        self.models = self.folder.path().join(name).display().to_string();
        self
    }

    /// Trains on these rows as well.
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

    /// Keeps runs and cache to itself; only the Python environments stay those of all tests.
    ///
    /// # Panics
    /// The store cannot be made.
    #[must_use]
    pub fn own_store(mut self) -> Self {
        let shared = self.store.join("venvs");
        self.store = self.folder.path().join("store");
        for folder in [&shared, &self.store] {
            fs::create_dir_all(folder).expect("there is room for a store");
        }
        symlink(shared, self.store.join("venvs")).expect("the environments can be shared");
        self
    }

    /// Gives the pipeline nothing of what it requires.
    #[must_use]
    pub fn bare(mut self) -> Self {
        self.bare = true;
        self
    }

    /// The command that runs it, as long as this lives.
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

    /// Runs it to its end.
    pub fn start(self) -> Ended {
        let output = self.command().output().expect("kfpc can be started");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ended { code: output.status.code().unwrap_or(-1), run: self, report, stderr }
    }
}

impl Ended {
    /// The same run once more, in the same folder.
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

    /// The folder of the run.
    pub fn folder(&self) -> &Path {
        self.run.folder.path()
    }

    /// The folder that models are deployed to.
    pub fn models(&self) -> String {
        self.run.models.clone()
    }

    /// What the report says of a task.
    pub fn task(&self, name: &str) -> &Value {
        let tasks = self.report["tasks"].as_array();
        tasks
            .and_then(|tasks| tasks.iter().find(|task| task["name"] == name))
            .unwrap_or_else(|| panic!("the report does not know `{name}`:\n{self}"))
    }

    /// How a task ended.
    pub fn state(&self, name: &str) -> &str {
        self.task(name)["state"].as_str().expect("a task has a state")
    }

    /// The JSON in an artifact that a task made.
    pub fn artifact(&self, task: &str, name: &str) -> Value {
        let key = self.task(task)["outputs"][name]["key"].as_str().expect("an artifact has a key");
        let bytes = fs::read(self.run.store.join(key)).expect("the artifact is in the store");
        serde_json::from_slice(&bytes).expect("the artifact is JSON")
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}\n{:#}\n{}", self.code, self.report, self.stderr)
    }
}
