//! Runs that are interrupted and resumed.

use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use kfp_runner::{RunError, RunId, State, Store};
use serde_json::{Value, json};

use crate::support::{Bench, output, pipeline, processes_of, states, step, value_of};

fn document(bench: &Bench) -> Value {
    pipeline(&json!([
        step("done", "counted", &json!({"counter": bench.path("done")})),
        step("file", "write", &json!({"text": "kept"})),
        step("long", "once-hang", &json!({"counter": bench.path("long"), "started": bench.path("started")})),
        step("reader", "read", &json!({"file": output("file", "file")})),
        step("last", "echo", &json!({"value": {"list": [output("done", "value"), output("long", "value")]}})),
    ]))
}

/// Runs the document in a process of its own, which is killed while a step hangs.
fn interrupted(bench: &Bench) -> RunId {
    let folder = bench.folder.path();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "resume::the_run_that_is_killed", "--nocapture"])
        .env("KFP_TEST_FOLDER", folder)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let done = || {
        Store::open(&bench.options.store).is_ok_and(|store| {
            let runs = store.runs().unwrap();
            let tasks = runs.first().map(|run| store.tasks(&run.id).unwrap()).unwrap_or_default();
            let ended = tasks.iter().filter(|task| task.state == State::Succeeded).count();
            ended == 3 && folder.join("started").exists()
        })
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(Instant::now() < deadline, "the run gets to its long step");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    Store::open(&bench.options.store).unwrap().runs().unwrap()[0].id.clone()
}

/// Not a test of its own: what `interrupted` starts and kills.
#[test]
fn the_run_that_is_killed() {
    let Some(folder) = std::env::var_os("KFP_TEST_FOLDER") else { return };
    let mut bench = Bench::new();
    let document = document_in(&folder.to_string_lossy());
    bench.options.store = std::path::Path::new(&folder).join("store");
    bench.run(&document);
}

fn document_in(folder: &str) -> Value {
    let bench = Bench::new();
    let text = document(&bench).to_string();
    serde_json::from_str(&text.replace(&bench.folder.path().display().to_string(), folder)).unwrap()
}

#[test]
fn finished_steps_are_reused_and_the_rest_runs() {
    let mut bench = Bench::new();
    let id = interrupted(&bench);
    let store = Store::open(&bench.options.store).unwrap();
    assert_eq!(store.run(&id).unwrap().state, State::Interrupted);
    let long = store.tasks(&id).unwrap().into_iter().find(|task| task.name == "long").unwrap();
    assert_eq!(long.state, State::Interrupted);
    let hanging = processes_of(&bench);
    assert_eq!(hanging.len(), 1, "the step outlives its runner");

    bench.options.resume = Some(id.clone());
    let report = bench.run(&document(&bench));
    assert_eq!((&report.id, report.state), (&id, State::Succeeded));
    assert_eq!(value_of(&report, "last", "value"), json!([1, 7]));
    assert_eq!(value_of(&report, "reader", "text"), json!("kept 4"));
    assert_eq!(states(&report)["done"], State::Succeeded);
    assert_eq!(fs::read_to_string(bench.path("done")).unwrap(), "x", "it ran once");
    assert!(processes_of(&bench).is_empty(), "what was left is ended");
    assert_eq!(store.run(&id).unwrap().state, State::Succeeded);

    let error = bench.try_run(&document(&bench), &json!({})).unwrap_err();
    assert!(error.to_string().ends_with("it has succeeded: there is nothing left to run"), "{error}");
}

#[test]
fn a_run_is_resumed_only_as_what_it_was() {
    let mut bench = Bench::new();
    let failing = pipeline(&json!([step("it", "plain-fail", &json!({"code": 10}))]));
    let id = bench.run(&failing).id;
    bench.options.resume = Some(id.clone());
    let other = pipeline(&json!([step("it", "plain-fail", &json!({"code": 11}))]));
    let error = bench.try_run(&other, &json!({})).unwrap_err();
    assert!(matches!(error, RunError::Resume { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        format!("the run `{id}` cannot be resumed: the pipeline has changed since: start a new run")
    );
    let report = bench.run(&failing);
    assert_eq!((report.id, report.state), (id, State::Failed));

    bench.options.resume = Some("20200101-000000-000-0000".parse().unwrap());
    let error = bench.try_run(&failing, &json!({})).unwrap_err();
    assert_eq!(error.to_string(), "there is no run `20200101-000000-000-0000` in the store");
}
