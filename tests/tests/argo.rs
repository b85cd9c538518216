//! Checks every committed workflow and the workflow of every conformance case against Argo itself: its JSON schema,
//! and `argo lint`.
//!
//! Neither is part of this repository. The schema is expected next to it, and `argo` on the `PATH`; a test passes
//! with a note if its tool is missing.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde_json::{Value, json};
use tests::workspace;

/// Returns all workflows, each with a name for messages.
fn workflows() -> &'static [(String, String)] {
    static WORKFLOWS: OnceLock<Vec<(String, String)>> = OnceLock::new();
    WORKFLOWS.get_or_init(|| [committed(), cases()].concat())
}

/// Returns the workflows of the conformance set.
fn cases() -> Vec<(String, String)> {
    let conformance = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_conformance")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let list = conformance(&["list"]);
    let options = ["--image", "image", "--python-image", "python", "--pipeline-root", "s3://bucket/root"];
    list.lines()
        .map(|name| (name.to_owned(), conformance(&[&["argo", name], &options[..]].concat())))
        .collect()
}

/// Returns the workflows of the repository: those of the examples, and all snapshots.
fn committed() -> Vec<(String, String)> {
    let root = workspace();
    let mut workflows = Vec::new();
    for folder in ["examples/llm-finetuning", "kfp-compiler/tests/lowering"] {
        let mut paths: Vec<PathBuf> =
            fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".yaml") || name.ends_with(".yaml.snap") {
                let text = fs::read_to_string(&path).unwrap();
                workflows.push((format!("{folder}/{name}"), without_header(&text).to_owned()));
            }
        }
    }
    assert!(workflows.len() > 5, "found only {} workflows", workflows.len());
    workflows
}

/// Removes the header of a snapshot, which is enclosed in lines of dashes.
fn without_header(text: &str) -> &str {
    match text.strip_prefix("---\n") {
        Some(rest) => rest.split_once("\n---\n").map_or(text, |(_, body)| body),
        None => text,
    }
}

#[test]
fn workflows_match_the_argo_schema() {
    let path = workspace().join("../shared/argo/schema.json");
    let Ok(text) = fs::read_to_string(&path) else {
        println!("skipped: no Argo schema at {}", path.display());
        return;
    };
    let mut schema: Value = serde_json::from_str(&text).unwrap();
    for key in ["oneOf", "anyOf", "type", "$ref"] {
        schema.as_object_mut().unwrap().remove(key);
    }
    schema["$ref"] = json!("#/definitions/io.argoproj.workflow.v1alpha1.Workflow");
    let validator = jsonschema::validator_for(&schema).unwrap();
    for (name, text) in workflows() {
        let workflow: Value = serde_saphyr::from_str(text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&workflow)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{name}:\n{}", errors.join("\n"));
    }
}

#[test]
fn workflows_pass_argo_lint() {
    if Command::new("argo").arg("version").output().is_err() {
        println!("skipped: `argo` is not on the PATH");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = workflows()
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(Path::new(&name.replace('/', "-"))).with_extension("lint.yaml");
            fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let output = Command::new("argo").args(["lint", "--offline"]).args(&paths).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

/// Argo's expression language consumes one level of backslashes; with a single one, an escaped brace would become
/// active.
#[test]
fn escaped_braces_have_two_backslashes() {
    for (name, text) in workflows() {
        let workflow: Value = serde_saphyr::from_str(text).unwrap();
        let mut strings = Vec::new();
        collect(&workflow, &mut strings);
        for string in strings.iter().filter(|string| string.starts_with("{{=") && string.contains("u007b")) {
            for (idx, _) in string.match_indices("u007b") {
                assert!(string[..idx].ends_with(r"\\"), "{name}: {string}");
            }
        }
    }
}

fn collect<'a>(value: &'a Value, strings: &mut Vec<&'a str>) {
    match value {
        Value::String(string) => strings.push(string),
        Value::Array(items) => items.iter().for_each(|item| collect(item, strings)),
        Value::Object(fields) => fields.values().for_each(|field| collect(field, strings)),
        _ => {}
    }
}
