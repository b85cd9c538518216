//! Several tasks, runs and processes that need one result at the same time.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use fastrand::Rng;
use kfp_runner::{Event, State};
use rusqlite::Connection;
use serde_json::json;
use tests::Programs;
use tests::attack::{rounds, seed, wait_until};

use super::fixture::Fixture;

/// Runs the pipeline with `kfpc` in a separate process; the output goes to a file.
fn start(fixture: &Fixture, name: &str) -> (Child, PathBuf) {
    let document = fixture.folder.path().join("pipeline.json");
    let log = fixture.folder.path().join(name);
    // Another process may be reading the document of an earlier call.
    let new = log.with_extension("json");
    fs::write(&new, fixture.document.to_string()).unwrap();
    fs::rename(&new, &document).unwrap();
    let child = Programs::get()
        .kfpc(fixture.folder.path())
        .arg("run")
        .arg(&document)
        .arg("--binary")
        .arg(fixture.options.binary.as_ref().unwrap())
        .arg("--store")
        .arg(&fixture.options.store)
        .args(["--parallelism", "4"])
        .stdout(Stdio::null())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    (child, log)
}

/// Returns the number of steps that have started.
fn notes(fixture: &Fixture) -> usize {
    fs::read_to_string(fixture.notes_file()).unwrap_or_default().lines().count()
}

fn waits(log: &Path) -> usize {
    fs::read_to_string(log).unwrap().matches("waiting for another step that computes the same result").count()
}

#[test]
fn only_one_of_several_processes_computes_a_result() {
    const PROCESSES: usize = 4;
    let fixture = Fixture::for_processes(true);
    fs::write(fixture.hold_file(), "").unwrap();
    let mut started: Vec<(Child, PathBuf)> =
        (0..PROCESSES).map(|number| start(&fixture, &format!("log-{number}"))).collect();
    // `make` and `plain` are computed once each, possibly by different processes; all others wait for them.
    let all_wait = || started.iter().map(|(_, log)| waits(log)).sum::<usize>() == 2 * (PROCESSES - 1);
    wait_until("the others are waiting", all_wait);
    fs::remove_file(fixture.hold_file()).unwrap();
    for (child, log) in &mut started {
        assert!(child.wait().unwrap().success(), "{}", fs::read_to_string(log).unwrap());
    }
    assert_eq!(fixture.ran(), ["make", "plain", "use"]);
}

#[test]
fn another_process_takes_over_from_a_killed_one() {
    let mut fixture = Fixture::for_processes(false);
    let plain = fixture.task(3).take();
    fixture.document["pipelines"][0]["root"]["tasks"] = json!([plain]);
    fs::write(fixture.hold_file(), "").unwrap();
    let (mut first, _) = start(&fixture, "first");
    wait_until("the first process has started the step", || notes(&fixture) == 1);
    let (mut second, log) = start(&fixture, "second");
    wait_until("the second process is waiting", || waits(&log) == 1);
    first.kill().unwrap();
    first.wait().unwrap();
    wait_until("the second process has started the step", || notes(&fixture) == 2);
    fs::remove_file(fixture.hold_file()).unwrap();
    assert!(second.wait().unwrap().success(), "{}", fs::read_to_string(&log).unwrap());
    let (mut third, log) = start(&fixture, "third");
    assert!(third.wait().unwrap().success());
    assert_eq!((notes(&fixture), waits(&log)), (2, 0));
}

#[test]
fn two_tasks_of_one_run_compute_a_result_once() {
    let mut fixture = Fixture::new(false);
    let plain = fixture.task(3).take();
    let mut again = plain.clone();
    again["id"] = json!("again");
    again["name"] = json!("again");
    fixture.document["pipelines"][0]["root"]["tasks"] = json!([plain, again]);
    let hold = fixture.hold_file();
    fs::write(&hold, "").unwrap();
    let report = fixture.run_with(|event| {
        if let Event::Notice { .. } = event {
            fs::remove_file(&hold).unwrap();
        }
    });
    let mut states: Vec<String> = report.tasks.iter().map(|task| task.state.to_string()).collect();
    states.sort();
    assert_eq!(states, [State::Cached.to_string(), State::Succeeded.to_string()]);
    assert_eq!(fixture.ran(), ["plain"]);
}

#[test]
fn killed_runs_leave_no_result_without_files() {
    let mut random = Rng::with_seed(seed());
    let mut fixture = Fixture::for_processes(true);
    for round in 0..rounds(4) {
        let text = format!("round {round}");
        for idx in [1, 3] {
            fixture.task(idx)["kind"]["call"]["arguments"]["text"] = json!({"constant": text});
        }
        let (mut child, _) = start(&fixture, "killed");
        let goal = random.usize(..4);
        wait_until("the run has reached the goal", || {
            notes(&fixture) >= goal || child.try_wait().unwrap().is_some()
        });
        thread::sleep(Duration::from_millis(random.u64(..50)));
        child.kill().unwrap();
        child.wait().unwrap();
        verify_all(&fixture);
        let (result, _) = fixture.outcome();
        assert_eq!(result, format!("{text}:data {}", text.len() + 5), "seed {}, round {round}", seed());
        verify_all(&fixture);
        assert_eq!(fixture.outcome().1, "+++", "seed {}, round {round}", seed());
    }
}

/// Checks that each cached result has its original files.
fn verify_all(fixture: &Fixture) {
    let Ok(database) = Connection::open_with_flags(
        fixture.options.store.join("runs.sqlite"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    ) else {
        return;
    };
    let Ok(mut statement) = database.prepare("SELECT digest FROM cache_files") else { return };
    let digests: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    for digest in digests {
        let object = fixture.options.store.join("cache/objects").join(&digest);
        assert_eq!(kfp_digest::of_path(&object).unwrap(), digest);
    }
}
