//! Runs that are interrupted and resumed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use kfp_runner::{Cancel, Event, RunError, RunId, State, Store};
use serde_json::{Value, json};

use crate::support::{
    Bench, guard, notify, output, pipeline, processes_of, stand_in, states, step, value_of,
};

/// Whether the interrupted runner has a supervisor for its steps.
const SUPERVISED: &str = "KFP_TEST_SUPERVISED";

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
fn interrupted(bench: &Bench, supervised: bool) -> RunId {
    let folder = bench.folder.path();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "resume::the_run_that_is_killed", "--nocapture"])
        .env("KFP_TEST_FOLDER", folder)
        .env(SUPERVISED, supervised.to_string())
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
    bench.options.store = Path::new(&folder).join("store");
    if std::env::var(SUPERVISED).unwrap() == "false" {
        bench.options.supervisor = None;
    }
    bench.run(&document);
}

fn document_in(folder: &str) -> Value {
    let bench = Bench::new();
    let text = document(&bench).to_string();
    serde_json::from_str(&text.replace(&bench.folder.path().display().to_string(), folder)).unwrap()
}

#[test]
fn finished_steps_are_reused_and_the_rest_runs() {
    for supervised in [true, false] {
        interrupt_and_resume(supervised);
    }
}

fn interrupt_and_resume(supervised: bool) {
    let mut bench = Bench::new();
    let id = interrupted(&bench, supervised);
    let store = Store::open(&bench.options.store).unwrap();
    assert_eq!(store.run(&id).unwrap().state, State::Interrupted);
    let long = store.tasks(&id).unwrap().into_iter().find(|task| task.name == "long").unwrap();
    assert_eq!(long.state, State::Interrupted);
    if supervised {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !processes_of(&bench).is_empty() {
            assert!(Instant::now() < deadline, "the step ends with its runner");
            std::thread::sleep(Duration::from_millis(5));
        }
    } else {
        assert_eq!(processes_of(&bench).len(), 1, "the step outlives its runner");
    }

    bench.options.resume = Some(id.clone());
    let report = bench.run(&document(&bench));
    assert_eq!((&report.id, report.state), (&id, State::Succeeded));
    assert_eq!(value_of(&report, "last", "value"), json!([1, 7]));
    assert_eq!(value_of(&report, "reader", "text"), json!("kept 4"));
    assert_eq!(states(&report)["done"], State::Succeeded);
    assert_eq!(fs::read_to_string(bench.path("done")).unwrap(), "x", "it ran once");
    assert!(processes_of(&bench).is_empty(), "what was left is ended");
    let files = files_below(&bench.options.store.join("runs"));
    assert!(files.iter().any(|file| file.ends_with("long/1/log")), "{files:#?}");
    for file in files {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains("a-secret-left-behind"), "{}", file.display());
    }
    assert_eq!(store.run(&id).unwrap().state, State::Succeeded);

    let error = bench.try_run(&document(&bench), &json!({})).unwrap_err();
    assert!(error.to_string().ends_with("it has succeeded, so there is nothing left to run"), "{error}");
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files_below(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn an_exit_handler_runs_again_if_its_body_did() {
    let mut bench = Bench::new();
    let flaky = json!({"counter": bench.path("tries"), "succeeds_at": 2, "code": 10});
    let body = json!({"tasks": [step("it", "flaky", &flaky)]});
    let document = pipeline(&json!([guard("all", &body, &notify("all", &json!(0)))]));
    let report = bench.run(&document);
    assert_eq!(value_of(&report, "notify", "value")["state"], json!("Failed"));
    bench.options.resume = Some(report.id);
    let report = bench.run(&document);
    let status = value_of(&report, "notify", "value");
    assert_eq!((&status["state"], &status["failures"]), (&json!("Succeeded"), &json!([])), "{report:#?}");
}

#[test]
fn a_finished_exit_task_does_not_run_again_if_its_body_did_not() {
    let mut bench = Bench::new();
    let flaky = json!({"counter": bench.path("tries"), "succeeds_at": 2, "code": 10});
    let body = json!({"tasks": [step("it", "number", &json!({"value": 1}))]});
    let exit = step("tidy", "counted", &json!({"counter": bench.path("tidied")}));
    let document = pipeline(&json!([guard("all", &body, &exit), step("later", "flaky", &flaky)]));
    let report = bench.run(&document);
    assert_eq!(report.state, State::Failed);
    bench.options.resume = Some(report.id);
    assert_eq!(bench.run(&document).state, State::Succeeded);
    assert_eq!(fs::read_to_string(bench.path("tidied")).unwrap(), "x", "it ran once");
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
        format!(
            "cannot resume the run `{id}`: the pipeline has changed since the run started, so the results of its \
             finished steps may not fit: start a new run"
        )
    );
    let report = bench.run(&failing);
    assert_eq!((report.id, report.state), (id, State::Failed));

    bench.options.resume = Some("20200101-000000-000-0000".parse().unwrap());
    let error = bench.try_run(&failing, &json!({})).unwrap_err();
    let unknown = "unknown run `20200101-000000-000-0000`: run `kfpc runs ls` to list the runs of a store";
    assert_eq!(error.to_string(), unknown);
}

#[test]
fn a_run_that_is_resumed_with_another_program_says_so() {
    let mut bench = Bench::new();
    let document = pipeline(&json!([
        step("done", "counted", &json!({"counter": bench.path("done")})),
        step("it", "plain-fail", &json!({"code": 10})),
    ]));
    bench.options.resume = Some(bench.run(&document).id);
    let resumed = |bench: &Bench| {
        let mut found = None;
        let keep = |event| {
            if let Event::RunResumed { finished, changed, .. } = event {
                found = Some((finished, changed));
            }
        };
        bench.observe(&document, &json!({}), &Cancel::new(), keep).unwrap();
        found.unwrap()
    };
    assert_eq!(resumed(&bench), (1, vec![]));
    bench.options.binary = Some(stand_in("second"));
    assert_eq!(resumed(&bench), (1, vec!["the program of the Rust steps".to_owned()]));
    assert_eq!(resumed(&bench), (1, vec![]), "what ran it last is what counts");
    assert_eq!(fs::read_to_string(bench.path("done")).unwrap(), "x", "it ran once");
}

#[test]
fn runs_are_found_by_the_start_of_their_id() {
    let bench = Bench::new();
    let document = pipeline(&json!([step("it", "number", &json!({"value": 1}))]));
    let (first, second) = (bench.run(&document).id, bench.run(&document).id);
    let store = Store::open_read_only(&bench.options.store).unwrap();
    for id in [&first, &second] {
        assert_eq!(&store.find(id.as_str()).unwrap(), id);
    }
    assert_eq!(store.find("last").unwrap(), second);
    let shared =
        first.as_str().bytes().zip(second.as_str().bytes()).take_while(|(one, other)| one == other).count();
    for text in [&first.as_str()[..shared], "test"] {
        let error = store.find(text).unwrap_err().to_string();
        assert_eq!(error, format!("unknown run `{text}`: did you mean `{second}` or `{first}`?"));
    }
    let error = store.find("other").unwrap_err().to_string();
    assert_eq!(error, "unknown run `other`: run `kfpc runs ls` to list the runs of a store");
}
