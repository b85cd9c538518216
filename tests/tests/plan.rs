//! `kfpc plan`: forecasts as text and JSON, before and after runs.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};
use tests::{Programs, workspace};

fn kfpc(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Programs::get().kfpc(folder);
    command.args(arguments).arg("--store").arg(folder.join("store"));
    command.output().unwrap()
}

/// Returns standard output and standard error of a successful command.
fn texts(output: &Output) -> (String, String) {
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
    assert!(output.status.success(), "{stdout}{stderr}");
    (stdout, stderr)
}

/// Returns the task, the forecast and the reason of each step.
fn steps(folder: &Path, arguments: &[&str]) -> Vec<[String; 3]> {
    let all = [&["plan", "pipeline.yaml", "--format", "json"], arguments].concat();
    let plan: Value = serde_json::from_str(&texts(&kfpc(folder, &all)).0).unwrap();
    assert_eq!(plan["pipeline"], "cached");
    let steps = plan["steps"].as_array().unwrap().clone();
    steps
        .iter()
        .map(|step| ["task", "forecast", "reason"].map(|name| step[name].as_str().unwrap().to_owned()))
        .collect()
}

fn step(texts: [&str; 3]) -> [String; 3] {
    texts.map(str::to_owned)
}

#[test]
fn forecasts_follow_the_store_and_the_pipeline() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = fs::read_to_string(workspace().join("tests/tests/documents/cached.yaml")).unwrap();
    let write = |text: &str| fs::write(folder.join("pipeline.yaml"), text).unwrap();
    write(&document);
    let (text, summary) = texts(&kfpc(folder, &["plan", "pipeline.yaml", "-p", "seed=1"]));
    let none = "no result of this component is cached";
    assert_eq!(
        text,
        format!("TASK     FORECAST  REASON\nprepare  miss      {none}\ncount    miss      {none}\n")
    );
    assert!(summary.ends_with("2 misses\n"), "{summary}");
    assert!(!folder.join("store").exists(), "a forecast creates no store");

    texts(&kfpc(folder, &["run", "pipeline.yaml", "-p", "seed=1"]));
    let found = steps(folder, &["-p", "seed=1"]);
    assert!(
        found.iter().all(|[_, forecast, reason]| forecast == "hit" && reason.starts_with("result from 20"))
    );
    let input = "input `seed` changed from `1` to `2`";
    let expect = [step(["prepare", "miss", input]), step(["count", "unknown", "depends on `prepare`"])];
    assert_eq!(steps(folder, &["-p", "seed=2"]), expect);

    write(
        &document
            .replace("len(file.readlines())", "sum(1 for _ in file)")
            .replace("python:3.12", "python:3.13"),
    );
    let found = steps(folder, &["-p", "seed=1"]);
    let image = "`image` changed from `python:3.12` to `python:3.13`";
    let both = format!("the code changed; {image}");
    assert_eq!(found, [step(["prepare", "miss", image]), step(["count", "miss", &both])]);
}

#[test]
fn a_changed_module_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = fs::read_to_string(workspace().join("tests/tests/documents/cached.yaml")).unwrap();
    let write = |modules: &str| {
        let function = "        function: prepare\n";
        let changed = document.replace(function, &format!("{function}        modules: {modules}\n"));
        fs::write(folder.join("pipeline.yaml"), changed).unwrap();
    };
    write(r#"{h.py: "RATE = 1\n", old.py: ""}"#);
    texts(&kfpc(folder, &["run", "pipeline.yaml", "-p", "seed=1"]));
    write(r#"{h.py: "RATE = 2\n", lib/new.py: ""}"#);
    let changes =
        "the module `h.py` changed; the module `lib/new.py` was added; the module `old.py` was removed";
    assert_eq!(steps(folder, &["-p", "seed=1"])[0], step(["prepare", "miss", changes]));
}

#[test]
fn the_interpreter_of_the_settings_is_not_started_for_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::copy(workspace().join("tests/tests/documents/cached.yaml"), folder.join("pipeline.yaml")).unwrap();
    let program = folder.join("python");
    fs::write(&program, format!("#!/bin/sh\ntouch {}/started\n", folder.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(folder.join("kfpc.toml"), "python = './python'\n").unwrap();
    let (_, notes) = texts(&kfpc(folder, &["plan", "pipeline.yaml", "-p", "seed=1"]));
    assert!(notes.contains("note: `python` in kfpc.toml is not used for a document"), "{notes}");
    assert!(!folder.join("started").exists());
    let refused = kfpc(folder, &["plan", "pipeline.yaml", "-p", "seed=1", "--python", "./python"]);
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        message.contains("cannot forecast the run: `./python` is not a working Python interpreter"),
        "{message}"
    );
    assert!(folder.join("started").exists());
}

#[test]
fn json_contains_the_differences() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::copy(workspace().join("tests/tests/documents/cached.yaml"), folder.join("pipeline.yaml")).unwrap();
    texts(&kfpc(folder, &["run", "pipeline.yaml", "-p", "seed=1"]));
    let plan = kfpc(folder, &["plan", "pipeline.yaml", "-p", "seed=2", "--format", "json"]);
    let plan: Value = serde_json::from_str(&texts(&plan).0).unwrap();
    let first = &plan["steps"][0];
    assert_eq!(first["changes"], json!([{"part": "inputs/seed", "before": "1", "after": "2"}]));
    assert_eq!(first["nearest"]["task"], "prepare");
    assert_eq!(plan["steps"][1]["waits_for"], json!(["prepare"]));
    let refused = kfpc(folder, &["plan", "pipeline.yaml", "-p", "seed=x"]);
    assert_eq!(refused.status.code(), Some(2));
}
