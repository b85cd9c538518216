//! Runs that are interrupted and resumed.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use kfp_runner::{Cancel, Event, RunError, RunId, State, Store};
use serde_json::{Value, json};

use crate::support::{
    Fixture, exit_handler, notify, output, pipeline, processes_of, program, states, step, value_of,
};

/// Whether the interrupted runner has a supervisor for its steps.
const SUPERVISED: &str = "KFP_TEST_SUPERVISED";

fn document(fixture: &Fixture) -> Value {
    pipeline(&json!([
        step("done", "counted", &json!({"counter": fixture.path("done")})),
        step("file", "write", &json!({"text": "kept"})),
        step(
            "long",
            "hang-once",
            &json!({"counter": fixture.path("long"), "started": fixture.path("started")})
        ),
        step("reader", "read", &json!({"file": output("file", "file")})),
        step("last", "echo", &json!({"value": {"list": [output("done", "value"), output("long", "value")]}})),
    ]))
}

/// Runs the document in a separate process, which is killed while a step hangs.
fn interrupted(fixture: &Fixture, supervised: bool) -> RunId {
    let folder = fixture.folder.path();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "resume::the_run_that_is_killed", "--nocapture"])
        .env("KFP_TEST_FOLDER", folder)
        .env(SUPERVISED, supervised.to_string())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let done = || {
        Store::open(&fixture.options.store).is_ok_and(|store| {
            let runs = store.runs().unwrap();
            let tasks = runs.first().map(|run| store.tasks(&run.id).unwrap()).unwrap_or_default();
            let ended = tasks.iter().filter(|task| task.state == State::Succeeded).count();
            ended == 3 && folder.join("started").exists()
        })
    };
    let deadline = Instant::now() + Duration::from_secs(30);
    while !done() {
        assert!(Instant::now() < deadline, "the run reaches its long step");
        std::thread::sleep(Duration::from_millis(10));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    Store::open(&fixture.options.store).unwrap().runs().unwrap()[0].id.clone()
}

/// Not a test itself: `interrupted` starts and kills it.
#[test]
fn the_run_that_is_killed() {
    let Some(folder) = std::env::var_os("KFP_TEST_FOLDER") else { return };
    let mut fixture = Fixture::new();
    let document = document_in(&folder.to_string_lossy());
    fixture.options.store = Path::new(&folder).join("store");
    if std::env::var(SUPERVISED).unwrap() == "false" {
        fixture.options.supervisor = None;
    }
    fixture.run(&document);
}

fn document_in(folder: &str) -> Value {
    let fixture = Fixture::new();
    let text = document(&fixture).to_string();
    serde_json::from_str(&text.replace(&fixture.folder.path().display().to_string(), folder)).unwrap()
}

#[test]
fn finished_steps_are_reused_and_the_rest_runs() {
    for supervised in [true, false] {
        interrupt_and_resume(supervised);
    }
}

fn interrupt_and_resume(supervised: bool) {
    let mut fixture = Fixture::new();
    let id = interrupted(&fixture, supervised);
    let store = Store::open(&fixture.options.store).unwrap();
    assert_eq!(store.run(&id).unwrap().state, State::Interrupted);
    let long = store.tasks(&id).unwrap().into_iter().find(|task| task.name == "long").unwrap();
    assert_eq!(long.state, State::Interrupted);
    if supervised {
        let deadline = Instant::now() + Duration::from_secs(30);
        while !processes_of(&fixture).is_empty() {
            assert!(Instant::now() < deadline, "the step ends with its runner");
            std::thread::sleep(Duration::from_millis(5));
        }
    } else {
        assert_eq!(processes_of(&fixture).len(), 1, "the step outlives its runner");
    }

    fixture.options.resume = Some(id.clone());
    let report = fixture.run(&document(&fixture));
    assert_eq!((&report.id, report.state), (&id, State::Succeeded));
    assert_eq!(value_of(&report, "last", "value"), json!([1, 7]));
    assert_eq!(value_of(&report, "reader", "text"), json!("kept 4"));
    assert_eq!(states(&report)["done"], State::Succeeded);
    assert_eq!(fs::read_to_string(fixture.path("done")).unwrap(), "x", "it ran once");
    assert!(processes_of(&fixture).is_empty(), "remaining processes have been killed");
    let files = files_below(&fixture.options.store.join("runs"));
    assert!(files.iter().any(|file| file.ends_with("long/1/log")), "{files:#?}");
    for file in files {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{}", file.display());
        let text = String::from_utf8_lossy(&fs::read(&file).unwrap()).into_owned();
        assert!(!text.contains("a-leftover-secret"), "{}", file.display());
    }
    assert_eq!(store.run(&id).unwrap().state, State::Succeeded);

    let error = fixture.try_run(&document(&fixture), &json!({})).unwrap_err();
    assert!(error.to_string().ends_with("it has already succeeded"), "{error}");
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
fn an_exit_handler_runs_again_if_its_body_has() {
    let mut fixture = Fixture::new();
    let flaky = json!({"counter": fixture.path("attempts"), "succeeds_at": 2, "code": 10});
    let body = json!({"tasks": [step("it", "flaky", &flaky)]});
    let document = pipeline(&json!([exit_handler("all", &body, &notify("all", &json!(0)))]));
    let report = fixture.run(&document);
    assert_eq!(value_of(&report, "notify", "value")["state"], json!("Failed"));
    fixture.options.resume = Some(report.id);
    let report = fixture.run(&document);
    let status = value_of(&report, "notify", "value");
    assert_eq!((&status["state"], &status["failures"]), (&json!("Succeeded"), &json!([])), "{report:#?}");
}

#[test]
fn a_finished_exit_task_does_not_run_again_if_its_body_has_not() {
    let mut fixture = Fixture::new();
    let flaky = json!({"counter": fixture.path("attempts"), "succeeds_at": 2, "code": 10});
    let body = json!({"tasks": [step("it", "number", &json!({"value": 1}))]});
    let exit = step("clean-up", "counted", &json!({"counter": fixture.path("clean-up")}));
    let document = pipeline(&json!([exit_handler("all", &body, &exit), step("later", "flaky", &flaky)]));
    let report = fixture.run(&document);
    assert_eq!(report.state, State::Failed);
    fixture.options.resume = Some(report.id);
    assert_eq!(fixture.run(&document).state, State::Succeeded);
    assert_eq!(fs::read_to_string(fixture.path("clean-up")).unwrap(), "x", "it ran once");
}

#[test]
fn a_run_is_resumed_only_with_its_own_pipeline() {
    let mut fixture = Fixture::new();
    let failing = pipeline(&json!([step("it", "plain-fail", &json!({"code": 10}))]));
    let id = fixture.run(&failing).id;
    fixture.options.resume = Some(id.clone());
    let other = pipeline(&json!([step("it", "plain-fail", &json!({"code": 11}))]));
    let error = fixture.try_run(&other, &json!({})).unwrap_err();
    assert!(matches!(error, RunError::Resume { .. }), "{error}");
    assert_eq!(
        error.to_string(),
        format!(
            "cannot resume the run `{id}`: the pipeline has changed since the run started, so results of finished \
             steps may be out of date: start a new run"
        )
    );
    let report = fixture.run(&failing);
    assert_eq!((report.id, report.state), (id, State::Failed));

    fixture.options.resume = Some("20200101-000000-000-0000".parse().unwrap());
    let error = fixture.try_run(&failing, &json!({})).unwrap_err();
    let unknown = "unknown run `20200101-000000-000-0000`: run `kfpc runs ls` to list the runs of a store";
    assert_eq!(error.to_string(), unknown);
}

#[test]
fn resuming_with_another_program_is_reported() {
    let mut fixture = Fixture::new();
    let document = pipeline(&json!([
        step("done", "counted", &json!({"counter": fixture.path("done")})),
        step("it", "plain-fail", &json!({"code": 10})),
    ]));
    fixture.options.resume = Some(fixture.run(&document).id);
    let resumed = |fixture: &Fixture| {
        let mut found = None;
        let keep = |event| {
            if let Event::RunResumed { finished, changed, .. } = event {
                found = Some((finished, changed));
            }
        };
        fixture.observe(&document, &json!({}), &Cancel::new(), keep).unwrap();
        found.unwrap()
    };
    assert_eq!(resumed(&fixture), (1, vec![]));
    fixture.options.binary = Some(program("second"));
    assert_eq!(resumed(&fixture), (1, vec!["the program of the Rust steps".to_owned()]));
    assert_eq!(resumed(&fixture), (1, vec![]), "compared with the last program that ran it");
    assert_eq!(fs::read_to_string(fixture.path("done")).unwrap(), "x", "it ran once");
}

#[test]
fn runs_are_found_by_a_prefix_of_their_id() {
    let fixture = Fixture::new();
    let document = pipeline(&json!([step("it", "number", &json!({"value": 1}))]));
    let (first, second) = (fixture.run(&document).id, fixture.run(&document).id);
    let store = Store::open_read_only(&fixture.options.store).unwrap();
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
