//! Python steps: the shim in an interpreter, with or without packages.

use std::fs;
use std::process::Command;

use kfp_runner::{Cancel, Event, State};
use serde_json::{Value, json};

use crate::support::{Fixture, message_of, pipeline, python, step, value_of};

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

/// Returns the events of installations, without times and versions.
fn installs(events: &[Event]) -> Vec<String> {
    let text = |event: &Event| match event {
        Event::InstallStarted { label, packages, log, .. } => {
            assert!(log.ends_with("pip.log"), "{}", log.display());
            Some(format!("started {packages} for {label}"))
        }
        Event::InstallFinished { label, packages, duration, last_line, .. } => {
            assert!(!duration.is_zero());
            let line = last_line.as_deref().unwrap_or_default();
            let line = line.split(" in ").next().unwrap_or_default();
            Some(format!("finished {packages} for {label}: {line}"))
        }
        _ => None,
    };
    events.iter().filter_map(text).collect()
}

#[test]
fn a_function_runs_in_the_interpreter() {
    let fixture = Fixture::new();
    let report = fixture.run(&python_step(&json!([])));
    assert_eq!(value_of(&report, "it", "result"), json!(42), "{:?}", report.task("it"));
    assert!(!fixture.options.store.join("venvs").exists(), "no environment without packages");
}

#[test]
fn a_failed_installation_of_packages_is_reported_with_the_output_of_pip() {
    let fixture = Fixture::new();
    // pip fails before it contacts an index.
    let report = fixture.run(&python_step(&json!(["missing @ file:///no/such/requirement"])));
    let task = report.task("it").unwrap();
    assert_eq!(task.state, State::Error);
    let message = message_of(&report, "it");
    assert!(message.starts_with("pip could not install the packages of `double`\n"), "{message}");
    assert!(message.contains("no/such/requirement"), "{message}");
}

#[test]
fn an_environment_is_created_once_and_reused() {
    let mut fixture = Fixture::new();
    let bare = fixture.folder.path().join("bare");
    let created = Command::new(python()).args(["-m", "venv", "--without-pip"]).arg(&bare).status().unwrap();
    assert!(created.success());
    fixture.options.python = bare.join("bin/python");
    // Every environment has pip, so it is not downloaded.
    let document = python_step(&json!(["pip"]));
    let mut events = Vec::new();
    let run = |fixture: &Fixture, events: &mut Vec<Event>| {
        fixture.observe(&document, &json!({}), &Cancel::new(), |event| events.push(event)).unwrap()
    };
    let report = run(&fixture, &mut events);
    assert_eq!(value_of(&report, "it", "result"), json!(42), "{:?}", report.task("it"));
    let venvs: Vec<_> = fs::read_dir(fixture.options.store.join("venvs")).unwrap().flatten().collect();
    assert_eq!(venvs.len(), 2, "one environment and its lock");
    assert_eq!(
        installs(&events),
        ["started 1 for it", "finished 1 for it: Requirement already satisfied: pip"]
    );
    events.clear();
    let again = run(&fixture, &mut events);
    assert_eq!(installs(&events), [""; 0]);
    assert!(again.duration < report.duration, "{:?} and {:?}", again.duration, report.duration);
}

#[test]
fn nothing_is_installed_if_the_interpreter_has_all_packages() {
    let fixture = Fixture::new();
    let report = fixture.run(&python_step(&json!(["pip>=9", "no-such-package; python_version < '3'"])));
    assert_eq!(value_of(&report, "it", "result"), json!(42), "{:?}", report.task("it"));
    assert!(!fixture.options.store.join("venvs").exists(), "no environment is created");
}

#[test]
fn a_missing_interpreter_is_reported_before_anything_starts() {
    let mut fixture = Fixture::new();
    fixture.options.python = "no-such-python".into();
    let error = fixture.try_run(&python_step(&json!([])), &json!({})).unwrap_err().to_string();
    assert!(error.contains("cannot run the Python interpreter `no-such-python`"), "{error}");
    assert!(!fixture.options.store.exists());
}
