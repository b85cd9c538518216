//! Python steps: the shim in an interpreter, with or without packages.

use std::fs;
use std::process::Command;

use kfp_runner::State;
use serde_json::{Value, json};

use crate::support::{Bench, message_of, pipeline, python, step, value_of};

fn python_step(packages: &Value) -> Value {
    let mut document = pipeline(&json!([step("it", "double", &json!({"value": 21}))]));
    document["components"] = json!({"double": {
        "name": "double",
        "inputs": {"value": {"type": "integer"}},
        "outputs": {"result": {"type": "integer"}},
        "implementation": {"python": {
            "file": "double.py",
            "function": "double",
            "source": "def double(value: int) -> int:\n    return 2 * value\n",
            "packages": packages,
        }},
    }});
    document
}

#[test]
fn a_function_runs_in_the_interpreter() {
    let bench = Bench::new();
    let report = bench.run(&python_step(&json!([])));
    assert_eq!(value_of(&report, "it", "result"), json!(42), "{:?}", report.task("it"));
    assert!(!bench.options.store.join("venvs").exists(), "no environment without packages");
}

#[test]
fn packages_that_cannot_be_installed_are_told_with_what_pip_says() {
    let bench = Bench::new();
    // A requirement that pip refuses before it asks any index.
    let report = bench.run(&python_step(&json!(["no such requirement!"])));
    let task = report.task("it").unwrap();
    assert_eq!(task.state, State::Error);
    let message = message_of(&report, "it");
    assert!(message.starts_with("pip could not install the packages of `double`\n"), "{message}");
    assert!(message.contains("no such requirement!"), "{message}");
}

#[test]
fn an_environment_is_made_once_and_used_again() {
    let mut bench = Bench::new();
    let bare = bench.folder.path().join("bare");
    let made = Command::new(python()).args(["-m", "venv", "--without-pip"]).arg(&bare).status().unwrap();
    assert!(made.success());
    bench.options.python = bare.join("bin/python");
    // Every environment has pip, so no index is asked for it.
    let document = python_step(&json!(["pip"]));
    let report = bench.run(&document);
    assert_eq!(value_of(&report, "it", "result"), json!(42), "{:?}", report.task("it"));
    let venvs: Vec<_> = fs::read_dir(bench.options.store.join("venvs")).unwrap().flatten().collect();
    assert_eq!(venvs.len(), 2, "one environment and its lock");
    let again = bench.run(&document);
    assert!(again.duration < report.duration, "{:?} and {:?}", again.duration, report.duration);
}

#[test]
fn nothing_is_installed_where_all_packages_are_there() {
    let bench = Bench::new();
    let report = bench.run(&python_step(&json!(["pip>=9", "no-such-package; python_version < '3'"])));
    assert_eq!(value_of(&report, "it", "result"), json!(42), "{:?}", report.task("it"));
    assert!(!bench.options.store.join("venvs").exists(), "an environment was made");
}

#[test]
fn a_missing_interpreter_is_told_before_anything_starts() {
    let mut bench = Bench::new();
    bench.options.python = "no-such-python".into();
    let error = bench.try_run(&python_step(&json!([])), &json!({})).unwrap_err().to_string();
    assert!(error.contains("cannot run the Python interpreter `no-such-python`"), "{error}");
    assert!(!bench.options.store.exists());
}
