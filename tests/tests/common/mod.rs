//! Runs of the example with a webhook of their own.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use tests::{Listener, Programs, workspace};

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
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("store")
}

/// A run of the example, before it starts.
pub struct Run {
    folder: PathBuf,
    keeps: Option<TempDir>,
    store: PathBuf,
    hook: String,
    models: String,
    data: PathBuf,
    arguments: Vec<String>,
}

/// A run that has ended.
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
    pub fn new(name: &str, hook: &Listener) -> Self {
        let keeps = tempfile::Builder::new().prefix(name).tempdir().unwrap();
        let folder = keeps.path().to_owned();
        Self {
            models: folder.join("models").display().to_string(),
            store: store(),
            hook: hook.address().to_owned(),
            data: workspace().join("examples/llm-finetuning/data/support-tickets.csv"),
            arguments: Vec::new(),
            keeps: Some(keeps),
            folder,
        }
    }

    pub fn parameter(mut self, parameter: &str) -> Self {
        self.arguments.extend(["-p".to_owned(), parameter.to_owned()]);
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Deploys to this folder, below the one of the run.
    pub fn models(mut self, name: &str) -> Self {
        self.models = self.folder.join(name).to_str().unwrap().to_owned();
        self
    }

    /// Trains on these rows as well.
    pub fn more_data(mut self, rows: impl Iterator<Item = String>) -> Self {
        let text = fs::read_to_string(&self.data).unwrap() + &rows.collect::<String>();
        self.data = self.folder.join("more.csv");
        fs::write(&self.data, text).unwrap();
        self
    }

    /// The command that runs it.
    pub fn command(&self) -> Command {
        let programs = Programs::get();
        let mut command = programs.kfpc(&self.folder);
        command.env("HOOK", &self.hook).args(["run", "--format", "json", "--secret", "slack/url=env:HOOK"]);
        command.arg("--store").arg(&self.store).arg(&programs.llm_finetuning);
        command.arg("-p").arg(format!("raw_data_path={}", self.data.display()));
        command.arg("-p").arg(format!("model_repo={}", self.models));
        command.args(["-p", "slack_webhook=slack/url"]).args(&self.arguments);
        command
    }

    /// Runs it to its end.
    pub fn start(self) -> Ended {
        let output = self.command().output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        Ended { code: output.status.code().unwrap_or(-1), run: self, report, stderr }
    }
}

impl Ended {
    /// The same run once more, in the same folder.
    pub fn again(&self) -> Run {
        Run {
            folder: self.run.folder.clone(),
            keeps: None,
            store: self.run.store.clone(),
            hook: self.run.hook.clone(),
            models: self.run.models.clone(),
            data: self.run.data.clone(),
            arguments: Vec::new(),
        }
    }

    /// The folder of the run.
    pub fn folder(&self) -> &Path {
        &self.run.folder
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
        self.task(name)["state"].as_str().unwrap()
    }

    /// The JSON in an artifact that a task made.
    pub fn artifact(&self, task: &str, name: &str) -> Value {
        let key = self.task(task)["outputs"][name]["key"].as_str().unwrap();
        serde_json::from_slice(&fs::read(self.run.store.join(key)).unwrap()).unwrap()
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {}\n{:#}\n{}", self.code, self.report, self.stderr)
    }
}
