//! Messages about invalid input: one clear message, the documented exit code, and a recorded run.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::Command;

use tests::{Listener, Programs, Run, workspace};

/// Replaces what differs from run to run.
fn filters() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("snapshots");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(r"\b[0-9a-hjkmnp-tv-z]{26}\b", "RUN");
    settings.add_filter(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "STARTED");
    settings.add_filter(r"\b\d+\.\ds\b", "TIME");
    settings.add_filter(r"/[^\s`]*/store\b", "STORE");
    settings.add_filter(r"/[^\s`]*/(nowhere\.csv)", "$1");
    settings.add_filter(r"(?m)^  \|\s+[~^]+\n", "");
    settings.add_filter(r" +\n", "\n");
    settings
}

fn report(mut command: Command) -> String {
    let output = command.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!(
        "exit code: {}\n----- stdout\n{}----- stderr\n{}",
        output.status.code().unwrap_or(-1),
        text(&output.stdout),
        text(&output.stderr)
    )
}

/// Returns a run of the document with a Python step that misbehaves as `mode` says.
fn faulty(store: &Path, mode: &str) -> Command {
    let mut command = Programs::get().kfpc(store);
    command.arg("run").arg(workspace().join("tests/tests/documents/faulty.json"));
    command.arg("--store").arg(store.join("store")).args(["-p", &format!("mode={mode}")]);
    command
}

#[test]
fn misbehaving_python_steps_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    for mode in ["raise", "nothing", "nan", "large", "text"] {
        let text = report(faulty(folder.path(), mode));
        filters().bind(|| insta::assert_snapshot!(format!("python-{mode}"), text));
    }
    let mut command = Programs::get().kfpc(folder.path());
    command.args(["runs", "ls", "--store"]).arg(folder.path().join("store"));
    filters().bind(|| insta::assert_snapshot!("runs-ls", report(command)));
    let mut command = Programs::get().kfpc(folder.path());
    command.args(["runs", "show", "last", "--store"]).arg(folder.path().join("store"));
    filters().bind(|| insta::assert_snapshot!("runs-show", report(command)));
    assert_nothing_half_written(&folder.path().join("store/runs"));
}

/// Asserts that a failed step leaves nothing at the path of an output.
fn assert_nothing_half_written(runs: &Path) {
    let mut folders = vec![runs.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            assert!(
                !name.ends_with(".tmp") && name != "number" && name != "out-number",
                "{}",
                path.display()
            );
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
}

#[test]
fn invalid_arguments_are_reported_before_anything_starts() {
    let hook = Listener::answering(200);
    let run = || Run::new("wrong", &hook);
    let wrong_form = ["-p", "model_repo=m", "-p", "raw_data_path=x", "-p", "slack_webhook=slack/url"];
    let cases: [(&str, Run, &[&str]); 5] = [
        ("threshold-high", run().parameter("deployment_threshold=high"), &[]),
        ("unknown", run().parameter("deployment_treshold=0.5"), &[]),
        ("missing", run().bare(), &["-p", "model_repo=m"]),
        ("secret-missing", run().bare(), &wrong_form),
        ("secret-form", run().argument("--secret").argument("slack=env:X"), &[]),
    ];
    for (name, run, arguments) in cases {
        let mut command = run.command();
        command.args(arguments);
        filters().bind(|| insta::assert_snapshot!(name, report(command)));
    }
}

#[test]
fn a_missing_csv_is_reported_by_the_step_that_reads_it() {
    let hook = Listener::answering(200);
    let run = Run::new("nowhere", &hook).data("nowhere.csv").start();
    assert_eq!(run.code, 1, "{run}");
    let task = run.task("preprocess-data");
    assert_eq!((task["exit_code"].as_i64(), task["class"].as_str()), (Some(10), Some("data")), "{run}");
    let message = task["message"].as_str().unwrap();
    assert!(message.contains("nowhere.csv`: No such file or directory"), "{message}");
    assert_eq!(hook.post()["failures"][0]["message"], message);
}

#[test]
fn invalid_sources_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("empty.json", &b""[..]),
        ("picture.png", &b"\x89PNG\r\n\x1a\n\0\0"[..]),
        ("other.yaml", &b"hello: world\n"[..]),
        ("newer.json", &b"{\"schema_version\": 99}"[..]),
    ] {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let mut command = Programs::get().kfpc(folder.path());
        command.args(["check", name]);
        filters().bind(|| insta::assert_snapshot!(format!("source-{name}"), report(command)));
    }
    let mut command = Programs::get().kfpc(folder.path());
    command.args(["check", "nowhere.json"]);
    filters().bind(|| insta::assert_snapshot!("source-nowhere", report(command)));
}
