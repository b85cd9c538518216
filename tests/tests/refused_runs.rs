//! Every error code of `kfpc run` as users see it: why a run cannot start or cannot be recorded.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use tests::{Programs, workspace};

/// Returns a run of a pipeline with one Python step, in a separate store.
fn run(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Programs::get().kfpc(folder);
    command.arg("run").arg(workspace().join("tests/tests/documents/faulty.json"));
    command.args(["--store", "store"]).args(arguments);
    command
}

/// Compares the exit code and the messages with a snapshot, without what differs from run to run.
fn assert_report(name: &str, mut command: Command) {
    let output = command.output().unwrap();
    let text = format!(
        "exit code: {}\n{}",
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stderr).unwrap()
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\b[0-9a-hjkmnp-tv-z]{26}\b", "RUN");
    settings.add_filter(r"`[^`]*/(store[^`]*)`", "`$1`");
    settings.add_filter(r"versions up to \d+", "versions up to NUMBER");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Changes the database of a store with Python's SQLite.
fn sqlite(folder: &Path, script: &str) -> Child {
    let script = format!(
        "import sqlite3, sys\ndb = sqlite3.connect('store/runs.sqlite', isolation_level=None)\n{script}\n\
         print('done', flush=True)\nsys.stdin.readline()\n"
    );
    let mut python = Command::new("python3")
        .args(["-c", &script])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(python.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "done\n");
    python
}

fn end(mut python: Child) {
    python.stdin.take().unwrap().write_all(b"\n").unwrap();
    assert!(python.wait().unwrap().success());
}

#[test]
fn constructs_that_need_a_cluster_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Programs::get().kfpc(folder.path());
    command.arg("run").arg(workspace().join("tests/tests/documents/unused.yaml"));
    command.args(["-p", "path=x", "--allow", "KFP0415", "--store", "store"]);
    // No container engine is on the PATH.
    command.env("PATH", folder.path());
    assert_report("KFP0802-container", command);
}

#[test]
fn approvals_that_cannot_be_given_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Programs::get().kfpc(folder.path());
    command.arg("run").arg(workspace().join("tests/tests/documents/gate.yaml"));
    command.args(["--store", "store"]).stdin(Stdio::null());
    assert_report("KFP0809-approval", command);
}

#[test]
fn a_successful_run_is_not_resumed() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["-p", "mode=fine"]).output().unwrap().status.success());
    assert_report("KFP0804-succeeded", run(folder.path(), &["--resume"]));
}

#[test]
fn unusable_stores_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    assert!(run(folder.path(), &["-p", "mode=fine"]).output().unwrap().status.success());
    let python = sqlite(folder.path(), "db.execute('BEGIN EXCLUSIVE')");
    assert_report("KFP0805-locked", run(folder.path(), &["-p", "mode=fine"]));
    end(python);
    end(sqlite(folder.path(), "db.execute('PRAGMA user_version = 99')"));
    assert_report("KFP0806-newer", run(folder.path(), &["-p", "mode=fine"]));
    fs::write(folder.path().join("store/runs.sqlite"), "no database").unwrap();
    assert_report("KFP0807-damaged", run(folder.path(), &["-p", "mode=fine"]));
    fs::remove_dir_all(folder.path().join("store")).unwrap();
    fs::write(folder.path().join("store"), "no folder").unwrap();
    assert_report("KFP0808-no-folder", run(folder.path(), &["-p", "mode=fine"]));
}
