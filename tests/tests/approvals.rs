//! Approvals on the command line: given before, asked for on a terminal, refused where there is none.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tests::{Programs, workspace};

/// A run of the document with an approval.
fn run(folder: &Path) -> Command {
    let mut command = Programs::get().kfpc(folder);
    command.args(["run", "--format", "json"]).arg(workspace().join("tests/tests/documents/approval.yaml"));
    command
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

fn result(output: &Output) -> Value {
    assert!(output.status.success(), "{}", told(output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["outputs"]["told"].clone()
}

#[test]
fn an_approval_is_given_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let give = |text: &str| run(folder.path()).args(["--approve", text]).output().unwrap();
    assert_eq!(result(&give(r#"deploy-gate={"version": 3, "note": "at last"}"#)), "version 3, at last");
    assert_eq!(result(&give(r#"deploy-gate={"version": 4}"#)), "version 4, None");
    for (text, message) in [
        ("deploy-gate", "missing value `version`: expected a 64-bit integer"),
        (
            "deploy-gate={\"version\": true}",
            "invalid value `version`: expected a 64-bit integer, found `true`",
        ),
        ("deploy-gate=3", "`--approve deploy-gate=3`: write NAME or NAME={\"value\": 3}"),
        ("deploy-gat", "no task `deploy-gat` waits for an approval: there is `deploy-gate`"),
    ] {
        let output = give(text);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(told(&output).contains(message), "{text}: {}", told(&output));
    }
}

#[test]
fn without_a_terminal_nothing_starts_and_what_to_pass_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        told(&output),
        "error[KFP0809]: the run cannot start: the task `deploy-gate` waits for an approval, and there is nobody \
         to ask: give it by `--approve 'deploy-gate={\"version\": <i64>, \"note\": <Option<String>>}'`\n"
    );
    assert!(!folder.path().join(".kfp").exists(), "something was started");
}

/// What is shown on a terminal where these answers are typed, and the exit code.
fn on_a_terminal(folder: &Path, answers: Value) -> (String, Option<i32>) {
    let run = run(folder);
    let mut command = Command::new("python3");
    command.arg(workspace().join("tests/tests/terminal.py")).arg(answers.to_string());
    command.arg(run.get_program()).args(run.get_args()).current_dir(folder).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    (told(&output).replace('\r', ""), output.status.code())
}

#[test]
fn on_a_terminal_somebody_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let answers = json!([
        ["approve `deploy-gate`? (yes/no)", "perhaps"],
        ["approve `deploy-gate`? (yes/no)", "yes"],
        ["version (i64):", "many"],
        ["version (i64):", "5"],
        ["note (Option<String>):", ""],
    ]);
    let (shown, code) = on_a_terminal(folder.path(), answers);
    assert_eq!(code, Some(0), "{shown}");
    for text in [
        "deploy-gate: Deploy the model?",
        "The version to deploy.",
        "invalid value `version`: expected a 64-bit integer, found `many`",
        "version 5, None",
    ] {
        assert!(shown.contains(text), "`{text}` is not in {shown}");
    }
    let (shown, code) = on_a_terminal(folder.path(), json!([["(yes/no)", "no"]]));
    assert_eq!(code, Some(1), "{shown}");
    assert!(shown.contains("the approval was refused"), "{shown}");
}
