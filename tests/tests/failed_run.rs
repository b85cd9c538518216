//! A run in which a step fails: what is reported about it and about the tasks after it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::process::Output;

use serde_json::Value;
use tests::Programs;

/// A branch after a step that fails.
const DOCUMENT: &str = "schema_version: 1
pipelines:
- name: gate
  inputs: {go: {type: boolean, default: true}}
  root:
    tasks:
    - {id: broken, name: broken, kind: {call: {callee: {component: broken}}}}
    - id: gate
      name: gate
      after: [broken]
      kind:
        branch:
          arms:
          - name: open
            condition: {holds: {reference: {input: go}}}
            region: {tasks: [{id: first, name: first, kind: {call: {callee: {component: broken}}}}]}
          otherwise: {tasks: [{id: second, name: second, kind: {call: {callee: {component: broken}}}}]}
components:
  broken:
    name: broken
    implementation:
      python:
        file: broken.py
        function: broken
        source: |
          def broken():
              raise ValueError('no rows')
";

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("gate.yaml"), DOCUMENT).unwrap();
    let output =
        Programs::get().kfpc(folder.path()).args(["run", "gate.yaml"]).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    output
}

#[test]
fn tasks_that_never_start_have_the_same_paths_as_others() {
    let summary: Value = serde_json::from_slice(&run(&["--format", "json"]).stdout).unwrap();
    let tasks: Vec<(&str, &str)> = summary["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| (task["task"].as_str().unwrap(), task["state"].as_str().unwrap()))
        .collect();
    for expected in
        [("broken", "Failed"), ("gate/open/first", "Omitted"), ("gate/otherwise/second", "Omitted")]
    {
        assert!(tasks.contains(&expected), "missing {expected:?} in {tasks:?}");
    }
}

#[test]
fn quiet_runs_report_failures() {
    let output = run(&["--quiet"]);
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("broken failed with exit code"), "{text}");
    assert!(text.contains("ValueError: no rows") && text.contains("full log: "), "{text}");
    let last = text.lines().last().unwrap();
    assert!(last.starts_with("error: the run ") && last.contains(" failed"), "{text}");
    assert!(!text.contains("STATE"), "{text}");
}
