//! Approvals on the command line: passed as options, prompted for on a terminal, and rejected without either.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tests::{Programs, workspace};

/// Returns a run of the document with an approval.
fn run(folder: &Path) -> Command {
    let mut command = Programs::get().kfpc(folder);
    command.args(["run", "--format", "json"]).arg(workspace().join("tests/tests/documents/approval.yaml"));
    command
}

fn output_text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

fn result(output: &Output) -> Value {
    assert!(output.status.success(), "{}", output_text(output));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["outputs"]["told"].clone()
}

#[test]
fn accepts_approvals_on_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let approve = |text: &str| run(folder.path()).args(["--approve", text]).output().unwrap();
    assert_eq!(result(&approve(r#"deploy-gate={"version": 3, "note": "at last"}"#)), "version 3, at last");
    assert_eq!(result(&approve(r#"deploy-gate={"version": 4}"#)), "version 4, None");
    for (text, message) in [
        ("deploy-gate", "missing value `version`: expected a 64-bit integer"),
        (
            "deploy-gate={\"version\": true}",
            "invalid value `version`: expected a 64-bit integer, found `true`",
        ),
        ("deploy-gate=3", "invalid `--approve deploy-gate=3`: expected NAME or NAME={\"value\": 3}"),
        ("deploy-gat", "unknown approval task `deploy-gat`: did you mean `deploy-gate`?"),
    ] {
        let output = approve(text);
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(output_text(&output).contains(message), "{text}: {}", output_text(&output));
    }
}

#[test]
fn without_a_terminal_the_run_is_rejected_with_the_option_to_pass() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        output_text(&output),
        "error[KFP0809]: cannot start the run: the task `deploy-gate` requires an approval, and prompts are \
         not available: pass `--approve 'deploy-gate={\"version\": <i64>, \"note\": <Option<String>>}'`\n"
    );
    assert!(!folder.path().join(".kfp").exists(), "the run started");
}

/// Returns the terminal output and the exit code of a run in which these answers are typed.
fn on_a_terminal(folder: &Path, answers: Value) -> (String, Option<i32>) {
    let run = run(folder);
    let mut command = Command::new("python3");
    command.arg(workspace().join("tests/tests/terminal.py")).arg(answers.to_string());
    command.arg(run.get_program()).args(run.get_args()).current_dir(folder).env("NO_COLOR", "1");
    let output = command.output().unwrap();
    (output_text(&output).replace('\r', ""), output.status.code())
}

#[test]
fn prompts_on_a_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let answers = json!([
        ["approve `deploy-gate`? (yes/no)", "perhaps"],
        ["approve `deploy-gate`? (yes/no)", "yes"],
        ["version (i64):", "many"],
        ["version (i64):", "5"],
        ["note (Option<String>):", ""],
    ]);
    let (terminal, code) = on_a_terminal(folder.path(), answers);
    assert_eq!(code, Some(0), "{terminal}");
    for text in [
        "deploy-gate: Deploy the model?",
        "The version to deploy.",
        "invalid value `version`: expected a 64-bit integer, found `many`",
        "version 5, None",
    ] {
        assert!(terminal.contains(text), "missing `{text}` in {terminal}");
    }
    let (terminal, code) = on_a_terminal(folder.path(), json!([["(yes/no)", "no"]]));
    assert_eq!(code, Some(1), "{terminal}");
    assert!(terminal.contains("the approval was refused"), "{terminal}");
}
