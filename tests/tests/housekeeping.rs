//! `kfpc runs rm|prune` and `kfpc cache ls|rm|prune`: what they remove, and that runs in progress are kept.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::{Programs, workspace};

/// How long something that must happen may take.
const PATIENCE: Duration = Duration::from_secs(30);

fn kfpc(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Programs::get().kfpc(folder);
    command.args(arguments).arg("--store").arg(folder.join("store"));
    command
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Runs a pipeline with two cached steps, and returns the id of the run.
fn run(folder: &Path, seed: &str) -> String {
    let document = workspace().join("tests/tests/documents/cached.yaml");
    let arguments = ["run", document.to_str().unwrap(), "--format", "json", "-p", seed];
    let output = kfpc(folder, &arguments).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    json(&output)["run"].as_str().unwrap().to_owned()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", text(output)))
}

fn list(folder: &Path, command: &str) -> Vec<Value> {
    let output = kfpc(folder, &[command, "ls", "--format", "json"]).output().unwrap();
    json(&output).as_array().unwrap().clone()
}

fn ids(folder: &Path) -> Vec<String> {
    list(folder, "runs").iter().map(|run| run["run"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_new_store_ignores_itself_and_finished_runs_are_removed_with_their_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let runs: Vec<String> = ["seed=1", "seed=2", "seed=3"].map(|seed| run(folder, seed)).into();
    assert_eq!(fs::read_to_string(folder.join("store/.gitignore")).unwrap(), "*\n");
    let cached = list(folder, "cache").len();

    let output = kfpc(folder, &["runs", "rm", &runs[0], "unknown"]).output().unwrap();
    assert_eq!((output.status.code(), ids(folder).len()), (Some(2), 3), "all or nothing: {}", text(&output));
    let output = kfpc(folder, &["runs", "rm", &runs[0]]).output().unwrap();
    assert!(output.status.success() && text(&output).starts_with("Removed 1 run ("), "{}", text(&output));
    assert_eq!(ids(folder), [runs[2].clone(), runs[1].clone()]);
    assert!(!folder.join("store/runs").join(&runs[0]).exists());
    assert!(folder.join("store/runs").join(&runs[1]).exists());

    let prune = |arguments: &[&str]| {
        let output = kfpc(folder, &[&["runs", "prune"], arguments].concat()).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        ids(folder)
    };
    assert_eq!(prune(&["--older-than", "1h"]).len(), 2);
    assert_eq!(prune(&["--keep", "1"]), [runs[2].clone()]);
    assert_eq!(prune(&["--keep", "1", "--older-than", "0s"]).len(), 1);
    assert!(prune(&["--older-than", "0s"]).is_empty());
    assert_eq!(list(folder, "cache").len(), cached, "cached results outlive their runs");
    let output = kfpc(folder, &["runs", "prune"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "nothing is removed without a condition");
    assert!(text(&output).contains("--keep <COUNT>|--older-than <DURATION>"), "{}", text(&output));
}

#[test]
fn cached_results_are_listed_and_removed_to_a_size() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    assert!(list(folder, "cache").is_empty());
    assert!(!folder.join("store").exists(), "a list creates no store");
    run(folder, "seed=1");
    let entries = list(folder, "cache");
    assert_eq!(entries.len(), 2, "{entries:?}");
    assert!(
        entries.iter().all(|entry| entry["kind"] == "result" && entry["task"].is_string()),
        "{entries:?}"
    );
    let table = text(&kfpc(folder, &["cache", "ls"]).output().unwrap());
    assert!(table.starts_with("KEY ") && table.lines().count() == entries.len() + 1, "{table}");

    let key = entries[0]["key"].as_str().unwrap();
    let output = kfpc(folder, &["cache", "rm", &key[..12]]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(list(folder, "cache"), entries[1..]);
    let output = kfpc(folder, &["cache", "rm", "nothing"]).output().unwrap();
    assert!(text(&output).contains("unknown key `nothing`\nhelp: run `kfpc cache ls`"), "{}", text(&output));

    let prune = |size: &str| {
        let output = kfpc(folder, &["cache", "prune", "--max-size", size]).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
        list(folder, "cache")
    };
    assert_eq!(prune("1G"), entries[1..]);
    assert!(prune("0").is_empty());
    let objects = fs::read_dir(folder.join("store/cache/objects")).map_or(0, Iterator::count);
    assert_eq!(objects, 0);
    // The pipeline runs again, from an empty cache.
    run(folder, "seed=1");
    assert_eq!(list(folder, "cache").len(), entries.len());
}

#[test]
fn a_run_in_progress_is_never_removed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let document = workspace().join("tests/tests/documents/waiting.json");
    let parameter = format!("folder={}", folder.display());
    let child = kfpc(folder, &["run", document.to_str().unwrap(), "-p", &parameter])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !fs::read_to_string(folder.join("waiting")).is_ok_and(|text| text.ends_with('\n')) {
        assert!(begun.elapsed() < PATIENCE, "the second step does not start");
        thread::yield_now();
    }
    let id = ids(folder).remove(0);
    let output = kfpc(folder, &["runs", "rm", "last"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output).contains(&format!("cannot remove the run `{id}`: it is in progress")),
        "{}",
        text(&output)
    );
    let output = kfpc(folder, &["runs", "prune", "--keep", "0"]).output().unwrap();
    assert!(output.status.success() && text(&output).contains("Removed 0 runs"), "{}", text(&output));
    assert!(folder.join("store/runs").join(&id).exists());

    // Ctrl-C ends it with 130, and prints how to resume the run. The id of the run may be left out, also before SOURCE.
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let help = format!("help: repeat the command with `--resume {id}` to continue this run");
    assert!(text(&output).contains(&help), "{}", text(&output));
    fs::write(folder.join("go"), "").unwrap();
    let output =
        kfpc(folder, &["run", "-p", &parameter, "--resume", document.to_str().unwrap()]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert_eq!(ids(folder), std::slice::from_ref(&id));
    let output = kfpc(folder, &["runs", "rm", &id]).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    assert!(ids(folder).is_empty() && !folder.join("store/runs").join(&id).exists());
}

#[test]
fn cached_tasks_name_the_run_that_computed_their_outputs() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let first = run(folder, "seed=1");
    run(folder, "seed=1");
    let output = kfpc(folder, &["runs", "show", "last"]).output().unwrap();
    assert_eq!(text(&output).matches(&format!("(from run {first})")).count(), 2, "{}", text(&output));
    let output = kfpc(folder, &["runs", "show", "last", "--format", "json"]).output().unwrap();
    for task in json(&output)["tasks"].as_array().unwrap() {
        assert_eq!((&task["state"], &task["cached_from"]), (&"Cached".into(), &first.as_str().into()));
    }
}

#[test]
fn the_size_of_python_environments_is_limited() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    run(folder, "seed=1");
    let environment = folder.join("store/venvs/0a1b");
    let create = || {
        fs::create_dir_all(&environment).unwrap();
        fs::write(environment.join("library"), "x".repeat(2000)).unwrap();
        fs::write(environment.join("kfpc-complete"), "").unwrap();
    };
    let prune =
        |arguments: &[&str]| kfpc(folder, &[&["cache", "prune"], arguments].concat()).output().unwrap();
    create();
    let output = prune(&[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        text(&output).contains("missing maximum size\nhelp: pass `--max-size SIZE`, or set"),
        "{}",
        text(&output)
    );
    let output = prune(&["--max-environments-size", "1M"]);
    assert_eq!(text(&output), "Removed 0 entries (0 B)\n");

    // The setting applies to `prune` and after each run. Results stay in the cache.
    let results = list(folder, "cache").len() - 1;
    fs::write(folder.join("kfpc.toml"), "max-environments-size = \"1k\"\n").unwrap();
    let output = prune(&[]);
    assert_eq!(text(&output), "Removed 1 entry (1.9 KiB)\n");
    assert!(!environment.exists());
    assert_eq!(list(folder, "cache").len(), results);
    create();
    let document = workspace().join("tests/tests/documents/cached.yaml");
    let output = kfpc(folder, &["run", document.to_str().unwrap(), "-p", "seed=1"]).output().unwrap();
    let expected =
        "Removed 1 Python environment (1.9 KiB), because of `max-environments-size` in kfpc.toml\n";
    assert!(text(&output).contains(expected), "{}", text(&output));
    assert!(!environment.exists());
}

#[test]
fn a_store_that_is_a_file_is_refused_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("store"), "").unwrap();
    let document = workspace().join("tests/tests/documents/cached.yaml");
    for arguments in [
        &["run", document.to_str().unwrap(), "-p", "seed=1"][..],
        &["runs", "ls"],
        &["runs", "show"],
        &["runs", "report"],
        &["graph", "--run", "last"],
        &["runs", "rm", "last"],
        &["runs", "prune", "--keep", "1"],
        &["cache", "ls"],
        &["cache", "rm", "a"],
        &["cache", "prune", "--max-size", "0"],
    ] {
        let output = kfpc(folder, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output));
        assert!(text(&output).contains("store` is not a folder"), "{arguments:?}: {}", text(&output));
    }
}
