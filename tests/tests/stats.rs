//! `kfpc compile --stats`: how large a workflow is, told beside the workflow.

use serde_json::Value;
use tests::{Programs, workspace};

#[test]
fn sizes_are_told_beside_the_workflow() {
    for (document, expect) in [
        // Four loops and one in one of them: each is two templates. Lists that are computed may have 1,000 items:
        // 1000 × 2 + 1000 + 3 + 1000 pods.
        (
            "loops",
            [
                "templates      15 of 200",
                "tasks          15, at most 4 of 200 in one graph",
                "pods at most   4003",
            ],
        ),
        // A step at each depth from 0 to 10.
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
        let told = String::from_utf8(compile(&["--stats"]).stderr).unwrap();
        for line in expect {
            assert!(told.lines().any(|other| other == line), "{document}: `{line}` is not in\n{told}");
        }
        let bytes = told.lines().find_map(|line| line.strip_prefix("bytes")).unwrap();
        let workflow: Value = serde_json::from_slice(&compile(&["--format", "json"]).stdout).unwrap();
        assert_eq!(bytes.trim(), workflow.to_string().len().to_string(), "{document}");
    }
}
