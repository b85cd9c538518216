//! `assert_workflow!`, as users see it.
#![expect(clippy::unwrap_used, reason = "a test fails at the first unexpected value")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::Command;

use kfp_sdk::prelude::*;
use kfp_testing::{Options, assert_workflow, workflow};

/// Convert a string to uppercase.
#[component(python = "tests/steps.py")]
fn shout(text: String) -> String;

/// Count the characters of a string.
#[component(notebook = "tests/notebook.ipynb")]
fn count(text: String) -> i64;

/// Receive a message.
#[component]
fn report(message: String) {
    drop(message);
}

/// Greet loudly.
#[pipeline]
fn loud_greeting(p: &Pipeline, #[default("hello")] text: In<String>) {
    let loud = p.add(Shout::new().text(text)).output;
    let length = p.add(Count::new().text(loud)).output;
    p.add(Report::new().message(text!("{loud} has {length} characters")));
}

/// Greet, with a mistake.
#[pipeline]
fn late_greeting(p: &Pipeline) {
    p.add(Report::new().message("hello")).timeout("soon");
}

/// The environment variable that changes the workflow in [`snapshots_are_named_after_pipelines`].
const CHANGE: &str = "CHANGE_THE_WORKFLOW";

#[test]
fn snapshots_are_named_after_pipelines() {
    let options = Options { service_account: std::env::var(CHANGE).ok(), ..Options::default() };
    assert_workflow!(LoudGreeting, options);
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/workflows__loud-greeting.snap");
    assert!(file.is_file());
}

#[test]
fn a_changed_workflow_fails_the_test() {
    let run = |change: Option<&str>| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "snapshots_are_named_after_pipelines"]).env("INSTA_UPDATE", "no");
        let output = command.envs(change.map(|account| (CHANGE, account))).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    assert!(run(None).0);
    let (passed, text) = run(Some("changed"));
    assert!(!passed && text.contains("+  serviceAccountName: changed"), "{text}");
}

#[test]
fn snapshots_do_not_contain_the_programs_that_run_steps() {
    let yaml = workflow(&LoudGreeting::definition(), "loud-greeting", Options::default()).unwrap();
    let version = env!("CARGO_PKG_VERSION");
    for program in ["Python steps", "notebooks"] {
        assert!(yaml.contains(&format!("# The program that runs {program}, version {version}")), "{yaml}");
    }
    assert!(yaml.contains("return text.upper()") && yaml.contains("output = len(text)"));
    assert!(!yaml.contains("Runs one Python function as a step") && !yaml.contains("def run_notebook"));
    assert!(yaml.contains("image: pipelines:test") && yaml.contains("image: python:test"));
}

/// Returns the message with which the assertion fails.
fn refused(assert: impl FnOnce()) -> String {
    *catch_unwind(AssertUnwindSafe(assert)).unwrap_err().downcast::<String>().unwrap()
}

#[test]
fn errors_are_those_of_kfpc() {
    let message = refused(|| assert_workflow!(LateGreeting));
    assert!(message.starts_with("invalid pipeline `late-greeting`:\nerror[KFP"), "{message}");
    assert!(message.contains("`soon`") && message.contains("kfp-testing/tests/workflows.rs:"), "{message}");
    assert!(message.contains(r#".timeout("soon")"#), "the line is quoted: {message}");
}
