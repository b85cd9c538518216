//! Several tasks, runs and processes that want one result at the same time.

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

use super::bench::Bench;

/// Runs the pipeline of the bench by `kfpc`, in a process of its own; what it reports goes to a file.
fn start(bench: &Bench, name: &str) -> (Child, PathBuf) {
    let document = bench.folder.path().join("pipeline.json");
    let log = bench.folder.path().join(name);
    // Another process may be reading the document of an earlier call.
    let new = log.with_extension("json");
    fs::write(&new, bench.document.to_string()).unwrap();
    fs::rename(&new, &document).unwrap();
    let child = Programs::get()
        .kfpc(bench.folder.path())
        .arg("run")
        .arg(&document)
        .arg("--binary")
        .arg(bench.options.binary.as_ref().unwrap())
        .arg("--store")
        .arg(&bench.options.store)
        .args(["--parallelism", "4"])
        .stdout(Stdio::null())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap();
    (child, log)
}

/// The number of steps that have started.
fn notes(bench: &Bench) -> usize {
    fs::read_to_string(bench.notes_file()).unwrap_or_default().lines().count()
}

fn waits(log: &Path) -> usize {
    fs::read_to_string(log).unwrap().matches("waiting for another step that computes the same result").count()
}

#[test]
fn one_of_several_processes_does_the_work() {
    const PROCESSES: usize = 4;
    let bench = Bench::for_processes(true);
    fs::write(bench.hold(), "").unwrap();
    let mut started: Vec<(Child, PathBuf)> =
        (0..PROCESSES).map(|number| start(&bench, &format!("log-{number}"))).collect();
    // `make` and `plain` are computed once each, maybe by different processes; all others wait for them.
    let all_wait = || started.iter().map(|(_, log)| waits(log)).sum::<usize>() == 2 * (PROCESSES - 1);
    wait_until("the others wait", all_wait);
    fs::remove_file(bench.hold()).unwrap();
    for (child, log) in &mut started {
        assert!(child.wait().unwrap().success(), "{}", fs::read_to_string(log).unwrap());
    }
    assert_eq!(bench.ran(), ["make", "plain", "use"]);
}

#[test]
fn another_process_takes_over_from_one_that_is_killed() {
    let mut bench = Bench::for_processes(false);
    let plain = bench.task(3).take();
    bench.document["pipelines"][0]["root"]["tasks"] = json!([plain]);
    fs::write(bench.hold(), "").unwrap();
    let (mut first, _) = start(&bench, "first");
    wait_until("the first one computes", || notes(&bench) == 1);
    let (mut second, log) = start(&bench, "second");
    wait_until("the second one waits", || waits(&log) == 1);
    first.kill().unwrap();
    first.wait().unwrap();
    wait_until("the second one computes", || notes(&bench) == 2);
    fs::remove_file(bench.hold()).unwrap();
    assert!(second.wait().unwrap().success(), "{}", fs::read_to_string(&log).unwrap());
    let (mut third, log) = start(&bench, "third");
    assert!(third.wait().unwrap().success());
    assert_eq!((notes(&bench), waits(&log)), (2, 0));
}

#[test]
fn two_tasks_of_one_run_do_the_work_once() {
    let mut bench = Bench::new(false);
    let plain = bench.task(3).take();
    let mut again = plain.clone();
    again["id"] = json!("again");
    again["name"] = json!("again");
    bench.document["pipelines"][0]["root"]["tasks"] = json!([plain, again]);
    let hold = bench.hold();
    fs::write(&hold, "").unwrap();
    let report = bench.run_with(|event| {
        if let Event::Notice { .. } = event {
            fs::remove_file(&hold).unwrap();
        }
    });
    let mut states: Vec<String> = report.tasks.iter().map(|task| task.state.to_string()).collect();
    states.sort();
    assert_eq!(states, [State::Cached.to_string(), State::Succeeded.to_string()]);
    assert_eq!(bench.ran(), ["plain"]);
}

#[test]
fn killed_runs_leave_no_result_without_its_files() {
    let mut random = Rng::with_seed(seed());
    let mut bench = Bench::for_processes(true);
    for round in 0..rounds(4) {
        let text = format!("round {round}");
        for idx in [1, 3] {
            bench.task(idx)["kind"]["call"]["arguments"]["text"] = json!({"constant": text});
        }
        let (mut child, _) = start(&bench, "killed");
        let goal = random.usize(..4);
        wait_until("the run gets so far", || notes(&bench) >= goal || child.try_wait().unwrap().is_some());
        thread::sleep(Duration::from_millis(random.u64(..50)));
        child.kill().unwrap();
        child.wait().unwrap();
        verify_all(&bench);
        let (result, _) = bench.outcome();
        assert_eq!(result, format!("{text}:data {}", text.len() + 5), "seed {}, round {round}", seed());
        verify_all(&bench);
        assert_eq!(bench.outcome().1, "+++", "seed {}, round {round}", seed());
    }
}

/// Whether each result that is kept has the files that it was kept with.
fn verify_all(bench: &Bench) {
    let Ok(database) = Connection::open_with_flags(
        bench.options.store.join("runs.sqlite"),
        rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY,
    ) else {
        return;
    };
    let Ok(mut statement) = database.prepare("SELECT digest FROM cache_files") else { return };
    let digests: Vec<String> =
        statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
    for digest in digests {
        let object = bench.options.store.join("cache/objects").join(&digest);
        assert_eq!(kfp_digest::of_path(&object).unwrap(), digest);
    }
}
