//! Shared by the tests: documents, a program with their steps, and a store.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use kfp_compiler::check;
use kfp_model::Document;
use kfp_runner::{Cancel, Event, Options, RunError, RunReport, State};
use serde_json::{Map, Value, json};
use tempfile::TempDir;

/// A store, and a folder for files that steps share.
pub(crate) struct Fixture {
    pub(crate) folder: TempDir,
    pub(crate) options: Options,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            binary: Some(program("first")),
            python: python(),
            parallelism: Some(4),
            supervisor: Some(env!("CARGO_BIN_EXE_kfp-supervisor").into()),
            ..Options::new(folder.path().join("store"))
        };
        Self { folder, options }
    }

    /// Returns a path in the folder, as an argument of a step.
    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub(crate) fn run(&self, pipeline: &Value) -> RunReport {
        self.try_run(pipeline, &json!({})).unwrap()
    }

    pub(crate) fn try_run(&self, pipeline: &Value, arguments: &Value) -> Result<RunReport, RunError> {
        self.observe(pipeline, arguments, &Cancel::new(), |_| ())
    }

    pub(crate) fn observe(
        &self,
        pipeline: &Value,
        arguments: &Value,
        cancel: &Cancel,
        events: impl FnMut(Event),
    ) -> Result<RunReport, RunError> {
        let pipelines = match pipeline {
            Value::Array(pipelines) => pipelines.clone(),
            single => vec![single.clone()],
        };
        self.run_document(&document(&pipelines), arguments, cancel, events)
    }

    /// Runs the first pipeline of a document.
    pub(crate) fn run_document(
        &self,
        document: &Document,
        arguments: &Value,
        cancel: &Cancel,
        events: impl FnMut(Event),
    ) -> Result<RunReport, RunError> {
        let outcome = check::check(document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        kfp_runner::run(&program, object(arguments), &self.options, cancel, events)
    }
}

/// Returns the program with the steps, of which there are two versions that differ in a comment only.
///
/// Both are written before any test starts a process: a program cannot be started while a process, even one that is
/// just being started, has it open for writing.
pub(crate) fn program(version: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let write = || {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/program.py");
        for version in ["first", "second"] {
            let text = format!(
                "#!/bin/sh\n# The {version} version.\nexec {} -S {} \"$@\"\n",
                python().display(),
                script.display()
            );
            write_program(&folder.join(format!("steps-{version}")), &text);
        }
        folder
    };
    FOLDER.get_or_init(write).join(format!("steps-{version}"))
}

/// Writes the program, unless another test process has written it.
fn write_program(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        return;
    }
    let partial = path.with_extension(std::process::id().to_string());
    fs::write(&partial, text).unwrap();
    fs::set_permissions(&partial, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(partial, path).unwrap();
}

/// Returns the path of the interpreter itself, as the wrappers of version managers are slow.
pub(crate) fn python() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let find = || {
        let output =
            Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    };
    PYTHON.get_or_init(find).clone()
}

pub(crate) fn object(value: &Value) -> BTreeMap<String, Value> {
    value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// Returns a pipeline with these tasks.
pub(crate) fn pipeline(tasks: &Value) -> Value {
    json!({"name": "test", "root": {"tasks": tasks}})
}

/// Returns a call of a step of the program. Arguments that are not expressions are constants.
pub(crate) fn step(id: &str, component: &str, arguments: &Value) -> Value {
    call(id, &json!({"component": component}), arguments)
}

/// Adds settings to a task, such as a policy.
pub(crate) fn with(mut task: Value, settings: &Value) -> Value {
    for (name, value) in settings.as_object().unwrap() {
        task[name] = value.clone();
    }
    task
}

pub(crate) fn call(id: &str, callee: &Value, arguments: &Value) -> Value {
    let arguments: Map<String, Value> = arguments
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, value)| (name.clone(), expression(value)))
        .collect();
    json!({"id": id, "name": id, "kind": {"call": {"callee": callee, "arguments": arguments}}})
}

/// Returns an expression as is, and any other value as a constant.
fn expression(value: &Value) -> Value {
    let kinds = ["constant", "reference", "field", "list", "struct", "concat", "first_present"];
    let is_expression = value
        .as_object()
        .is_some_and(|fields| fields.len() == 1 && fields.keys().all(|name| kinds.contains(&name.as_str())));
    if is_expression { value.clone() } else { json!({"constant": value}) }
}

pub(crate) fn output(task: &str, output: &str) -> Value {
    json!({"reference": {"output": {"task": task, "output": output}}})
}

pub(crate) fn input(name: &str) -> Value {
    json!({"reference": {"input": name}})
}

pub(crate) fn compare(left: &Value, operator: &str, right: &Value) -> Value {
    json!({"compare": {"left": expression(left), "operator": operator, "right": expression(right)}})
}

/// Returns a branch with one arm.
pub(crate) fn when(id: &str, condition: &Value, region: &Value) -> Value {
    json!({"id": id, "name": id, "kind": {"branch": {"arms": [
        {"name": format!("{id}-arm"), "condition": condition, "region": region},
    ]}}})
}

pub(crate) fn exit_handler(id: &str, body: &Value, exit: &Value) -> Value {
    json!({"id": id, "name": id, "kind": {"exit_handler": {"body": body, "exit": {"tasks": [exit]}}}})
}

/// Returns an exit task that outputs the status that it receives.
pub(crate) fn notify(handler: &str, number: &Value) -> Value {
    let status = |name: &str| json!({"field": {"of": {"reference": {"status": handler}}, "name": name}});
    step(
        "notify",
        "notify",
        &json!({"state": status("state"), "failures": status("failures"), "number": number}),
    )
}

/// Returns the states of tasks by their paths.
pub(crate) fn states(report: &RunReport) -> BTreeMap<&str, State> {
    report.tasks.iter().map(|task| (task.path.as_str(), task.state)).collect()
}

pub(crate) fn value_of(report: &RunReport, task: &str, output: &str) -> Value {
    let report = report.task(task).unwrap_or_else(|| panic!("no task {task} in {:#?}", report.tasks));
    report.outputs.get(output).unwrap_or_else(|| panic!("no output in {report:#?}")).clone()
}

pub(crate) fn message_of<'r>(report: &'r RunReport, task: &str) -> &'r str {
    report.task(task).unwrap().message.as_deref().unwrap_or_default()
}

/// Returns the command lines that contain the path of the store, except those of supervisors.
pub(crate) fn processes_of(fixture: &Fixture) -> Vec<String> {
    let store = fixture.options.store.display().to_string();
    let mut found = Vec::new();
    for entry in fs::read_dir("/proc").unwrap().flatten() {
        let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.contains(&store) && !line.contains("kfp-supervisor") {
            found.push(line);
        }
    }
    found
}

/// Returns a document with these pipelines and the steps of the program.
pub(crate) fn document(pipelines: &[Value]) -> Document {
    let mut components = Map::new();
    for (name, inputs, outputs) in interfaces() {
        let ports = |ports: Value| -> Value {
            let port = |(name, r#type): (&String, &Value)| {
                let default = r#type.get("default").cloned();
                let mut port = json!({"type": r#type.get("of").unwrap_or(r#type)});
                if let Some(default) = default {
                    port["default"] = default;
                }
                (name.clone(), port)
            };
            Value::Object(ports.as_object().unwrap().iter().map(port).collect())
        };
        components.insert(
            name.to_owned(),
            json!({
                "name": name,
                "inputs": ports(inputs),
                "outputs": ports(outputs),
                "implementation": {"rust": {}},
            }),
        );
    }
    for component in pipelines.iter().filter_map(|pipeline| pipeline.get("components")) {
        components.extend(component.as_object().unwrap().clone());
    }
    let pipelines: Vec<Value> = pipelines
        .iter()
        .map(|pipeline| {
            let mut pipeline = pipeline.clone();
            pipeline.as_object_mut().unwrap().remove("components");
            pipeline
        })
        .collect();
    let document = json!({"schema_version": 1, "pipelines": pipelines, "components": components});
    Document::from_json(&document.to_string()).unwrap_or_else(|error| panic!("{error:?}"))
}

/// Returns the interfaces of the steps. A type with a default is written as `{"of", "default"}`.
fn interfaces() -> Vec<(&'static str, Value, Value)> {
    let file = || json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
    let optional = |r#type: &Value| json!({"option": r#type});
    let integer = || json!({"value": "integer"});
    vec![
        ("echo", json!({"value": "any"}), json!({"value": "any"})),
        ("number", json!({"value": "float"}), json!({"value": "float"})),
        ("numbers", json!({"value": {"list": "float"}}), json!({"value": {"list": "float"}})),
        ("flag", json!({"value": "boolean"}), json!({"value": "boolean"})),
        ("text", json!({"value": {"of": "string", "default": "usual"}}), json!({"value": "string"})),
        (
            "optional",
            json!({"value": optional(&json!("float"))}),
            json!({"value": optional(&json!("float"))}),
        ),
        (
            "fail",
            json!({"code": "integer", "class": "string", "message": "string"}),
            json!({"value": "float"}),
        ),
        ("plain-fail", json!({"code": "integer"}), json!({})),
        ("flaky", json!({"counter": "string", "succeeds_at": "integer", "code": "integer"}), integer()),
        ("counted", json!({"counter": "string"}), integer()),
        ("meet", json!({"mine": "string", "theirs": "string"}), json!({"value": "boolean"})),
        ("hang", json!({"started": "string", "stubborn": "boolean"}), json!({})),
        ("hang-once", json!({"counter": "string", "started": "string"}), integer()),
        ("silent", json!({}), json!({"value": "float"})),
        ("raw", json!({"text": "string"}), json!({"value": "float"})),
        ("die", json!({"signal": "integer"}), json!({})),
        ("fork", json!({}), integer()),
        ("escape", json!({}), integer()),
        ("recorded", json!({"store": "string"}), json!({"value": "boolean"})),
        ("stop-parent", json!({}), json!({})),
        ("kill-parent", json!({"child": "string"}), json!({})),
        (
            "odd",
            json!({"place": "string", "kind": "string", "code": "integer"}),
            json!({"value": "float", "file": file()}),
        ),
        ("spam", json!({"megabytes": "integer"}), json!({"value": "boolean"})),
        ("secret", json!({"token": "secret"}), integer()),
        ("secret-fail", json!({"token": "secret"}), json!({})),
        ("secret-artifact", json!({"token": "secret", "field": "string"}), json!({"file": file()})),
        ("hard-link", json!({"path": "string"}), json!({"file": file()})),
        ("environment", json!({"names": {"list": "string"}}), json!({"value": "any"})),
        (
            "write",
            json!({"text": "string", "fails": {"of": "boolean", "default": false}}),
            json!({"file": file()}),
        ),
        ("read", json!({"file": optional(&file())}), json!({"text": "string"})),
        ("read-all", json!({"files": {"list": file()}}), json!({"value": "any"})),
        (
            "measure",
            json!({"number": "float"}),
            json!({"scores": {"artifact": {"name": "system.Metrics", "version": "0.0.1"}}}),
        ),
        ("empty-artifact", json!({}), json!({"file": file()})),
        (
            "notify",
            json!({"state": "string", "failures": "any", "number": optional(&json!("float"))}),
            json!({"value": "any"}),
        ),
    ]
}
