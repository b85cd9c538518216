//! `kfpc compile --stats` and `--explain`: the size of a workflow, and the translation of a task.

use serde_json::Value;
use tests::{Programs, workspace};

#[test]
fn sizes_are_printed_in_addition_to_the_workflow() {
    for (document, expect) in [
        // Four loops and a nested one, with two templates each. Computed lists may have 1,000 items: 1000 × 2 +
        // 1000 + 3 + 1000 pods.
        (
            "loops",
            [
                "templates      15 of 200",
                "tasks          15, at most 4 of 200 in one graph",
                "pods at most   4003",
            ],
        ),
        // A step at each recursion depth from 0 to 10.
        (
            "recursion",
            [
                "templates      5 of 200",
                "tasks          5, at most 2 of 200 in one graph",
                "pods at most   11",
            ],
        ),
    ] {
        let path = workspace().join(format!("kfp-compiler/tests/lowering/{document}.json"));
        let compile = |arguments: &[&str]| {
            let mut command = Programs::get().kfpc(workspace());
            let output =
                command.arg("compile").arg(&path).args(["--image", "image"]).args(arguments).output();
            let output = output.unwrap();
            assert!(output.status.success(), "{document}: {}", String::from_utf8_lossy(&output.stderr));
            output
        };
        let sizes = String::from_utf8(compile(&["--stats"]).stderr).unwrap();
        for line in expect {
            assert!(sizes.lines().any(|other| other == line), "{document}: missing `{line}` in\n{sizes}");
        }
        let bytes = sizes.lines().find_map(|line| line.strip_prefix("bytes")).unwrap();
        let workflow: Value = serde_json::from_slice(&compile(&["--format", "json"]).stdout).unwrap();
        assert_eq!(bytes.trim(), workflow.to_string().len().to_string(), "{document}");
    }
}

#[test]
fn explain_prints_the_translation_of_a_task_instead_of_the_workflow() {
    let path = workspace().join("kfp-compiler/tests/lowering/recursion.json");
    let explain = |task: &str| {
        let mut command = Programs::get().kfpc(workspace());
        let command = command.arg("compile").arg(&path).args(["--image", "image", "--explain", task]);
        command.output().unwrap()
    };
    let output = explain("add");
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(shown.starts_with("count-2\n  add: add("), "{shown}");
    let output = explain("other");
    assert!(!output.status.success() && output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("unknown task `other`"));
}
