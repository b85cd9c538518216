//! What the tests share: documents, a program for their steps, and a store.

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

/// A store, and a folder for what steps tell each other.
pub(crate) struct Bench {
    pub(crate) folder: TempDir,
    pub(crate) options: Options,
}

impl Bench {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = Options {
            binary: Some(stand_in("first")),
            python: python(),
            parallelism: Some(4),
            supervisor: Some(env!("CARGO_BIN_EXE_kfp-supervisor").into()),
            ..Options::new(folder.path().join("store"))
        };
        Self { folder, options }
    }

    /// A path in the folder, as an argument of a step.
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

/// The program of the stand-in's steps, of which there are two that differ in their bytes only.
///
/// Both are written before any test starts a process: a program cannot be started while some process, be it
/// one that is just being started, has it open for writing.
pub(crate) fn stand_in(which: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let write = || {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/stand_in.py");
        for which in ["first", "second"] {
            let text = format!(
                "#!/bin/sh\n# The {which} one.\nexec {} -S {} \"$@\"\n",
                python().display(),
                script.display()
            );
            write_program(&folder.join(format!("stand-in-{which}")), &text);
        }
        folder
    };
    FOLDER.get_or_init(write).join(format!("stand-in-{which}"))
}

/// Writes the program unless another test process has.
fn write_program(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|written| written == text) {
        return;
    }
    let partial = path.with_extension(std::process::id().to_string());
    fs::write(&partial, text).unwrap();
    fs::set_permissions(&partial, fs::Permissions::from_mode(0o755)).unwrap();
    fs::rename(partial, path).unwrap();
}

/// The interpreter itself: wrappers of version managers are slow.
pub(crate) fn python() -> PathBuf {
    static PYTHON: OnceLock<PathBuf> = OnceLock::new();
    let find = || {
        let output =
            Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().unwrap();
        PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
    };
    PYTHON.get_or_init(find).clone()
}

fn object(value: &Value) -> BTreeMap<String, Value> {
    value.as_object().unwrap().iter().map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// A pipeline with these tasks.
pub(crate) fn pipeline(tasks: &Value) -> Value {
    json!({"name": "test", "root": {"tasks": tasks}})
}

/// A call of the stand-in's step; constants stand for themselves.
pub(crate) fn step(id: &str, component: &str, arguments: &Value) -> Value {
    call(id, &json!({"component": component}), arguments)
}

/// A call whose task has further settings, like a policy.
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

/// An expression as it stands, or a constant.
fn expression(value: &Value) -> Value {
    let kinds = ["constant", "reference", "field", "list", "struct", "text", "first_present"];
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

/// A branch with one arm.
pub(crate) fn when(id: &str, condition: &Value, region: &Value) -> Value {
    json!({"id": id, "name": id, "kind": {"branch": {"arms": [
        {"name": format!("{id}-arm"), "condition": condition, "region": region},
    ]}}})
}

pub(crate) fn guard(id: &str, body: &Value, exit: &Value) -> Value {
    json!({"id": id, "name": id, "kind": {"exit_handler": {"body": body, "exit": {"tasks": [exit]}}}})
}

/// The exit task that gives back what it is told.
pub(crate) fn notify(guard: &str, number: &Value) -> Value {
    let status = |name: &str| json!({"field": {"of": {"reference": {"status": guard}}, "name": name}});
    step(
        "notify",
        "notify",
        &json!({"state": status("state"), "failures": status("failures"), "number": number}),
    )
}

/// The states of tasks by their paths.
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

/// The programs of steps that have the store of the bench in their command line, without their supervisors.
pub(crate) fn processes_of(bench: &Bench) -> Vec<String> {
    let store = bench.options.store.display().to_string();
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

/// A document with these pipelines and the steps of the stand-in.
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

/// The interfaces of the stand-in's steps. A type with a default is written as `{"of", "default"}`.
fn interfaces() -> Vec<(&'static str, Value, Value)> {
    let file = || json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
    let optional = |r#type: &Value| json!({"option": r#type});
    let integer = || json!({"value": "integer"});
    vec![
        ("echo", json!({"value": "any"}), json!({"value": "any"})),
        ("number", json!({"value": "float"}), json!({"value": "float"})),
        ("numbers", json!({"value": {"list": "float"}}), json!({"value": {"list": "float"}})),
        ("flag", json!({"value": "boolean"}), json!({"value": "boolean"})),
        ("text", json!({"value": {"of": "text", "default": "usual"}}), json!({"value": "text"})),
        (
            "optional",
            json!({"value": optional(&json!("float"))}),
            json!({"value": optional(&json!("float"))}),
        ),
        ("fail", json!({"code": "integer", "class": "text", "message": "text"}), json!({"value": "float"})),
        ("plain-fail", json!({"code": "integer"}), json!({})),
        ("flaky", json!({"counter": "text", "succeeds_at": "integer", "code": "integer"}), integer()),
        ("counted", json!({"counter": "text"}), integer()),
        ("meet", json!({"mine": "text", "theirs": "text"}), json!({"value": "boolean"})),
        ("hang", json!({"started": "text", "stubborn": "boolean"}), json!({})),
        ("once-hang", json!({"counter": "text", "started": "text"}), integer()),
        ("silent", json!({}), json!({"value": "float"})),
        ("raw", json!({"text": "text"}), json!({"value": "float"})),
        ("die", json!({"signal": "integer"}), json!({})),
        ("fork", json!({}), integer()),
        ("escape", json!({}), integer()),
        ("recorded", json!({"store": "text"}), json!({"value": "boolean"})),
        ("stop-parent", json!({}), json!({})),
        ("kill-parent", json!({"child": "text"}), json!({})),
        (
            "odd",
            json!({"place": "text", "kind": "text", "code": "integer"}),
            json!({"value": "float", "file": file()}),
        ),
        ("spam", json!({"megabytes": "integer"}), json!({"value": "boolean"})),
        ("secret", json!({"token": "secret"}), integer()),
        ("secret-fail", json!({"token": "secret"}), json!({})),
        ("secret-artifact", json!({"token": "secret", "field": "text"}), json!({"file": file()})),
        ("hard-link", json!({"path": "text"}), json!({"file": file()})),
        ("environment", json!({"names": {"list": "string"}}), json!({"value": "any"})),
        (
            "write",
            json!({"text": "text", "fails": {"of": "boolean", "default": false}}),
            json!({"file": file()}),
        ),
        ("read", json!({"file": optional(&file())}), json!({"text": "text"})),
        ("read-all", json!({"files": {"list": file()}}), json!({"value": "any"})),
        (
            "measure",
            json!({"number": "float"}),
            json!({"scores": {"artifact": {"name": "system.Metrics", "version": "0.0.1"}}}),
        ),
        ("empty-artifact", json!({}), json!({"file": file()})),
        (
            "notify",
            json!({"state": "text", "failures": "any", "number": optional(&json!("float"))}),
            json!({"value": "any"}),
        ),
    ]
}
