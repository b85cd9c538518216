//! The progress of a run on a terminal of 24 lines, and without a terminal.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::json;
use tests::Programs;
use tests::pty::Terminal;

/// Writes a pipeline of steps that wait for a FIFO in the folder.
fn waiting(folder: &Path, steps: usize) -> PathBuf {
    let gate = folder.join("gate");
    assert!(Command::new("mkfifo").arg(&gate).status().unwrap().success());
    let arguments = json!({"gate": {"constant": gate}, "number": {"reference": {"item": "each"}}});
    let call = json!({"call": {"callee": {"component": "pass"}, "arguments": arguments}});
    let body = json!({"tasks": [{"id": "pass", "name": "wait-for-the-gate", "kind": call}]});
    let items = json!({"constant": (0..steps).collect::<Vec<_>>()});
    let each = json!({"id": "each", "name": "each", "kind": {"loop": {"items": items, "body": body}}});
    let component = json!({
        "name": "pass",
        "inputs": {"gate": {"type": "string"}, "number": {"type": "integer"}},
        "outputs": {"output": {"type": "integer"}},
        "implementation": {"rust": {}},
    });
    let document = json!({
        "schema_version": 1,
        "pipelines": [{"name": "crowd", "root": {"tasks": [each]}}],
        "components": {"pass": component},
    });
    let path = folder.join("crowd.json");
    fs::write(&path, document.to_string()).unwrap();
    path
}

fn run(folder: &Path, document: &Path) -> Command {
    let programs = Programs::get();
    let mut command = programs.kfpc(folder);
    command.args(["run", "--parallelism", "40", "--binary"]).arg(&programs.gate).arg(document);
    command
}

/// Ends all waiting steps; the FIFO must be kept open until they have opened it.
fn open_gate(folder: &Path) -> File {
    File::options().read(true).write(true).open(folder.join("gate")).unwrap()
}

#[test]
fn on_a_small_terminal_steps_without_a_line_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let document = waiting(folder.path(), 30);
    let mut terminal = Terminal::start(&mut run(folder.path(), &document), 24, 80);
    terminal.wait_until(|lines| {
        lines.iter().any(|line| line.starts_with("0/30 done, 30 running, "))
            && lines.iter().any(|line| line == "… and 12 more running")
    });
    let lines = terminal.lines();
    let rows: Vec<&String> = lines.iter().filter(|line| line.contains("/wait-for-the-gate ")).collect();
    assert_eq!(rows.len(), 18, "{lines:#?}");
    assert!(rows[0].contains(" each[number=0]/wait-for-the-gate ") && rows[0].ends_with('s'), "{}", rows[0]);
    assert!(lines[0].starts_with("Run "), "{lines:#?}");
    let _gate = open_gate(folder.path());
    let (status, lines) = terminal.wait();
    assert!(status.success(), "{lines:#?}");
    let last = lines.last().unwrap();
    assert!(last.starts_with("Run ") && last.contains(" succeeded in "), "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("running")), "{lines:#?}");
}

#[test]
fn without_a_terminal_each_event_is_a_line() {
    let folder = tempfile::tempdir().unwrap();
    let document = waiting(folder.path(), 2);
    let _gate = open_gate(folder.path());
    let output = run(folder.path(), &document).output().unwrap();
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{text}");
    for line in
        ["started    each[number=0]/wait-for-the-gate", "succeeded  each[number=1]/wait-for-the-gate "]
    {
        assert!(text.contains(line), "missing `{line}` in {text}");
    }
    assert!(!text.contains('\u{1b}') && !text.contains("done, "), "{text}");
}
