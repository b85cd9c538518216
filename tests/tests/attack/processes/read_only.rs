//! Stores that can be read but not written.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tests::Programs;
use tests::attack::wait_until;

use super::fixture::{Fixture, assert_success, signal};

/// A user without write permission; the superuser could write anywhere.
const NOBODY: u32 = 65534;

#[test]
fn runs_are_listed_and_shown_from_a_read_only_folder() {
    let fixture = Fixture::new("hang", 1, &[]);
    let run = fixture.start(fixture.run());
    wait_until("the step is running", || fixture.path("step-0").exists());
    signal(&run, "-KILL");
    run.wait_with_output().unwrap();
    let store = fixture.path("store");
    // First with the log of the killed writer, then without it.
    assert!(store.join("runs.sqlite-wal").exists());
    for is_cleaned_up in [false, true] {
        if is_cleaned_up {
            let last = fixture.run().arg("--resume").arg("20200101-000000-000-0000").output().unwrap();
            assert_eq!(last.status.code(), Some(2));
            checkpoint(&store);
        }
        let before = content(&store);
        for (arguments, expect) in [(&["ls"][..], "attacked"), (&["show", "last"], "step-0")] {
            let output = as_nobody(fixture.path("").as_path(), &store, arguments);
            assert_success(&output);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(text.contains(expect) && text.contains("Interrupted"), "{text}");
        }
        assert_eq!(content(&store), before);
    }
    set_modes(&store, 0o755, 0o644);
}

/// Merges the log of the store into the database file.
fn checkpoint(store: &Path) {
    let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode = DELETE')";
    let status = Command::new("python3").args(["-c", script]).arg(store.join("runs.sqlite")).status();
    assert!(status.unwrap().success());
    let script = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('PRAGMA journal_mode = WAL')";
    let status = Command::new("python3").args(["-c", script]).arg(store.join("runs.sqlite")).status();
    assert!(status.unwrap().success());
    assert!(!store.join("runs.sqlite-wal").exists());
}

/// Runs `kfpc runs` as a user who can read the store.
fn as_nobody(folder: &Path, store: &Path, arguments: &[&str]) -> Output {
    let kfpc = folder.join("kfpc");
    if !kfpc.exists() {
        fs::copy(&Programs::get().kfpc, &kfpc).unwrap();
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
    set_modes(store, 0o555, 0o444);
    let mut command = Command::new(kfpc);
    command.arg("runs").args(arguments).arg("--store").arg(store).current_dir("/");
    if rustix::process::geteuid().is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.output().unwrap()
}

/// The locks must be readable too: without them, a run that was killed cannot be distinguished from a live one.
fn set_modes(store: &Path, folder: u32, file: u32) {
    for directory in [&store.join("locks"), store] {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                fs::set_permissions(path, fs::Permissions::from_mode(file)).unwrap();
            }
        }
        fs::set_permissions(directory, fs::Permissions::from_mode(folder)).unwrap();
    }
}

/// Returns the files of the store and their content.
fn content(store: &Path) -> Vec<(String, Vec<u8>)> {
    let mut content = Vec::new();
    for entry in fs::read_dir(store).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            content.push((path.display().to_string(), fs::read(path).unwrap()));
        }
    }
    content.sort();
    content
}
