//! Runs that are ended from outside: by `kill -9`, and by Ctrl-C.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::{Programs, workspace};

/// The timeout for anything that must happen.
const TIMEOUT: Duration = Duration::from_secs(30);

fn run(folder: &Path) -> Command {
    let mut command = Programs::get().kfpc(folder);
    command.args(["run", "--format", "json", "--store"]).arg(folder.join("store"));
    command.arg(workspace().join("tests/tests/documents/waiting.json"));
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// Starts the run and waits until its second step has started.
fn start(folder: &Path) -> (Child, u32) {
    let child = run(folder).arg("-p").arg(format!("folder={}", folder.display())).spawn().unwrap();
    let waiting = folder.join("waiting");
    until("the second step has started", || {
        fs::read_to_string(&waiting).is_ok_and(|text| text.ends_with('\n'))
    });
    let step = fs::read_to_string(&waiting).unwrap().lines().next().unwrap().parse().unwrap();
    (child, step)
}

fn until(what: &str, is_true: impl Fn() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < TIMEOUT, "timed out waiting until {what}");
        thread::yield_now();
    }
}

fn is_alive(process: u32) -> bool {
    // A zombie process counts as dead.
    let status = fs::read_to_string(format!("/proc/{process}/stat"));
    status.is_ok_and(|text| !text.rsplit(") ").next().unwrap_or("Z").starts_with('Z'))
}

fn signal(process: u32, name: &str) {
    assert!(Command::new("kill").args([name, &process.to_string()]).status().unwrap().success());
}

fn lines(path: &Path) -> usize {
    fs::read_to_string(path).unwrap().lines().count()
}

fn state_of_last(folder: &Path) -> String {
    let mut command = Programs::get().kfpc(folder);
    command.args(["runs", "show", "--format", "json", "--store"]).arg(folder.join("store"));
    let report: Value = serde_json::from_slice(&command.output().unwrap().stdout).unwrap();
    report["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_killed_run_can_be_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut child, step) = start(folder);
    signal(child.id(), "-KILL");
    child.wait().unwrap();
    until("the step has ended with its runner", || !is_alive(step));
    assert_eq!(state_of_last(folder), "Interrupted");

    fs::write(folder.join("go"), "").unwrap();
    let output = run(folder).arg("--resume").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(lines(&folder.join("noted")), 1, "a finished step ran again");
    assert_eq!(lines(&folder.join("waiting")), 2);
    assert_eq!(state_of_last(folder), "Succeeded");
}

#[test]
fn ctrl_c_ends_the_steps_and_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (mut child, step) = start(folder);
    signal(child.id(), "-INT");
    let status = child.wait().unwrap();
    assert_eq!(status.code(), Some(130));
    until("the step has ended", || !is_alive(step));
    assert_eq!(state_of_last(folder), "Cancelled");
}
