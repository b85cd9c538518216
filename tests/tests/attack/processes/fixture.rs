//! The fixture of the process attacks: a folder with a store and a pipeline, and the processes left behind.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;
use tests::Programs;
use tests::attack::wait_until;

/// The source of all Python steps.
const STEPS: &str = include_str!("steps.py");

pub(super) struct Fixture {
    folder: TempDir,
    document: PathBuf,
}

impl Fixture {
    /// Creates a pipeline of independent Python steps, each followed by a Rust step.
    pub(super) fn new(function: &str, steps: u32, packages: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let mut tasks = Vec::new();
        for idx in 0..steps {
            let name = format!("step-{idx}");
            let arguments = json!({"folder": {"constant": path}, "name": {"constant": name}});
            tasks.push(task(&name, function, &arguments, &[]));
            tasks.push(task(&format!("behind-{idx}"), "no-op", &json!({}), &[&name]));
        }
        let python = json!({
            "name": function,
            "inputs": {"folder": {"type": "string"}, "name": {"type": "string"}},
            "outputs": {"name": {"type": "string"}},
            "implementation": {"python": {
                "file": "steps.py", "source": STEPS, "function": function, "packages": packages,
            }},
        });
        let rust = json!({"name": "no-op", "implementation": {"rust": {}}});
        let document = json!({
            "schema_version": 1,
            "pipelines": [{"name": "attacked", "root": {"tasks": tasks}}],
            "components": {function: python, "no-op": rust},
        });
        Self::with(folder, &document)
    }

    /// Creates a pipeline of one container step.
    pub(super) fn container() -> Self {
        let component = json!({
            "name": "plain",
            "implementation": {"container": {"image": "an-image:1", "command": ["serve"]}},
        });
        let document = json!({
            "schema_version": 1,
            "pipelines": [{"name": "attacked", "root": {"tasks": [task("it", "plain", &json!({}), &[])]}}],
            "components": {"plain": component},
        });
        Self::with(tempfile::tempdir().unwrap(), &document)
    }

    fn with(folder: TempDir, document: &Value) -> Self {
        let path = folder.path().join("document.json");
        fs::write(&path, document.to_string()).unwrap();
        Self { folder, document: path }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes an executable script.
    pub(super) fn script(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    pub(super) fn run(&self) -> Command {
        let mut command = self.kfpc(&["run"]);
        command.arg(&self.document).arg("--binary").arg(&Programs::get().no_op);
        command.args(["--parallelism", "30"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Returns a `kfpc` command with the store of the fixture.
    pub(super) fn kfpc(&self, arguments: &[&str]) -> Command {
        let mut command = Programs::get().kfpc(self.folder.path());
        command.args(arguments).arg("--store").arg(self.path("store"));
        command
    }

    /// Starts a run in the background and discards its output.
    pub(super) fn start(&self, mut command: Command) -> Child {
        command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }

    /// Returns the recorded tasks of the last run; empty before the first run.
    pub(super) fn tasks(&self) -> Vec<Value> {
        let output = self.kfpc(&["runs", "show", "last", "--format", "json"]).output().unwrap();
        let run: Value = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
        run["tasks"].as_array().cloned().unwrap_or_default()
    }

    /// Returns the command lines of step processes that are still running.
    pub(super) fn left(&self) -> Vec<String> {
        let token = self.folder.path().display().to_string();
        let mut left = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let line = String::from_utf8_lossy(&line).replace('\0', " ");
            if line.contains(&token) {
                left.push(line);
            }
        }
        left
    }

    /// Waits until no process of the run is left.
    pub(super) fn wait_until_nothing_is_left(&self, seed: u64) {
        wait_until(&format!("no process is left (seed {seed})"), || self.left().is_empty());
    }
}

fn task(name: &str, component: &str, arguments: &Value, after: &[&str]) -> Value {
    let call = json!({"callee": {"component": component}, "arguments": arguments});
    json!({"id": name, "name": name, "after": after, "kind": {"call": call}})
}

pub(super) fn signal(process: &Child, name: &str) {
    let pid = process.id().to_string();
    assert!(Command::new("kill").args([name, &pid]).status().unwrap().success());
}

/// Returns the number of lines of a file; 0 if it does not exist.
pub(super) fn lines(path: &Path) -> usize {
    fs::read_to_string(path).unwrap_or_default().lines().count()
}

#[track_caller]
pub(super) fn assert_success(output: &Output) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{text}", output.status);
}
