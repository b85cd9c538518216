//! The linter reports nothing about the compiler's output.

use std::fs;
use std::process::Command;

use kfp_diag::source::manifests;
use serde_json::Value;
use tests::workspace;

/// Returns the findings of the linter for a manifest, including warnings.
fn found(name: &str, text: &str) -> Vec<String> {
    let file = manifests(name, text.as_bytes()).unwrap();
    kfp_lint::lint(&[file]).remove(0).iter().map(crate::line).collect()
}

#[test]
fn committed_workflows_have_no_findings() {
    let (mut count, mut findings) = (0, Vec::new());
    for folder in ["examples", "kfp-compiler/tests/lowering"] {
        let folder = workspace().join(folder);
        let mut paths = crate::files(&folder);
        let snapshots = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
        paths.extend(snapshots.filter(|path| path.to_string_lossy().ends_with(".yaml.snap")));
        for path in paths {
            let text = fs::read_to_string(&path).unwrap();
            // The header of a snapshot is enclosed in lines of dashes.
            let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
            let body = body.map_or(text.as_str(), |(_, body)| body);
            if body.starts_with("apiVersion: argoproj.io/") {
                count += 1;
                findings
                    .extend(found("x", body).into_iter().map(|line| format!("{}: {line}", path.display())));
            }
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
    assert!(count > 15, "found only {count} workflows");
}

#[test]
fn workflows_of_the_conformance_set_have_no_findings() {
    let conformance = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_conformance")).args(arguments).output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let cases: Vec<Value> = serde_json::from_str(&conformance(&["expected"]).1).unwrap();
    let mut findings = Vec::new();
    for case in &cases {
        let name = case["name"].as_str().unwrap();
        let options = ["--image", "pipelines:1", "--python-image", "python:3.11-slim"];
        let (is_lowered, text) = conformance(&[&["argo", name], &options[..]].concat());
        if is_lowered {
            findings.extend(found(name, &text).into_iter().map(|line| format!("{name}: {line}")));
        }
    }
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
