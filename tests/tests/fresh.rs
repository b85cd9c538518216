//! The committed workflow and picture of each example are what its source gives.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;

use tests::{Programs, workspace};

/// The arguments that the committed workflow was compiled with.
const IMAGES: [&str; 4] = ["--image", "llm-finetuning:1", "--python-image", "python:3.11-slim"];

fn output(arguments: &[&str]) -> String {
    let programs = Programs::get();
    let mut command = programs.kfpc(workspace());
    let output = command.args(arguments).arg(&programs.llm_finetuning).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Compares, or writes the file where `KFPC_UPDATE_EXAMPLES` is set.
fn compare(name: &str, expected: &str) {
    let path = workspace().join("examples/llm-finetuning").join(name);
    if std::env::var_os("KFPC_UPDATE_EXAMPLES").is_some() {
        fs::write(&path, expected).unwrap();
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{name} is stale: run the tests with KFPC_UPDATE_EXAMPLES=1 and read the difference"
    );
}

#[test]
fn the_committed_workflow_is_what_the_source_gives() {
    let arguments: Vec<&str> = ["compile"].into_iter().chain(IMAGES).collect();
    compare("workflow.yaml", &output(&arguments));
}

#[test]
fn the_committed_picture_is_what_the_source_gives() {
    compare("pipeline.mmd", &output(&["graph"]));
}

/// The blocks of the README that stand between `fence` and the end of the block.
fn blocks(fence: &str) -> Vec<String> {
    let readme = fs::read_to_string(workspace().join("README.md")).unwrap();
    let begin = format!("```{fence}\n");
    readme.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

/// The text without the spaces that its first line begins with.
fn unindented(text: &str) -> String {
    let indent = text.len() - text.trim_start_matches(' ').len();
    text.lines().map(|line| line.get(indent..).unwrap_or_default().to_owned() + "\n").collect()
}

#[test]
fn the_readme_shows_what_the_source_gives() {
    assert_eq!(blocks("mermaid"), [output(&["graph"])], "the picture in README.md is stale");
    let workflow = fs::read_to_string(workspace().join("examples/llm-finetuning/workflow.yaml")).unwrap();
    let begin = workflow.find("      - name: check-quality-gate").unwrap();
    let gate = &blocks("yaml")[0];
    assert!(unindented(&workflow[begin..]).starts_with(gate), "the gate in README.md is stale:\n{gate}");
}
