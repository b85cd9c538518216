//! Checks every committed workflow with the API server's own validation.
//!
//! The definitions of Argo's resources are not part of this repository; they are expected next to it. Without them,
//! Go or its modules, the test passes with a note.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::{Oracle, workspace};

/// Documents that are rejected, with a part of the expected message.
const REJECTED: &[(&str, &str)] = &[
    ("kind: Workflow", "there is no definition of <nil> Workflow"),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x}, spec: {entrypont: x}}",
        r#"unknown field "spec.entrypont""#,
    ),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x, lables: {}}, spec: {}}",
        "metadata.lables",
    ),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {}, spec: {}}",
        "a name or generateName is required",
    ),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x}, spec: {parallelism: '3'}}",
        "spec.parallelism in body must be of type integer",
    ),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x}, spec: {templates: [{name: t, \
         dag: {tasks: [{name: a, template: t, depends: b, dependencies: [b]}]}}]}}",
        "cannot use both 'depends' and 'dependencies'",
    ),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x}, spec: {templates: [{name: t, \
         container: {image: i}, suspend: {}}]}}",
        "spec.templates",
    ),
    (
        "{apiVersion: argoproj.io/v1alpha1, kind: Workflow, metadata: {name: x}, spec: {templates: [{name: t, \
         outputs: {parameters: [{name: a, valueFrom: {path: /a, defaul: x}}]}}]}}",
        "defaul",
    ),
    ("{apiVersion: argoproj.io/v1alpha1, kind: Workflow, kind: Workflow}", "kind"),
];

#[test]
fn the_api_server_accepts_every_workflow_and_rejects_invalid_ones() {
    let definitions = definitions();
    if definitions.is_empty() {
        println!("skipped: no definitions of Argo's resources next to the repository");
        return;
    }
    let oracle = match Oracle::build("documents", Path::new(env!("CARGO_TARGET_TMPDIR"))) {
        Ok(oracle) => oracle,
        Err(reason) => {
            println!("skipped: {reason}");
            return;
        }
    };
    let documents = documents();
    let rejected = REJECTED.iter().map(|(document, _)| Value::from(*document));
    let questions: Vec<Value> =
        documents.iter().map(|(_, text)| Value::from(text.as_str())).chain(rejected).collect();
    let answers = oracle.answers(&definitions, &questions);
    for ((name, _), answer) in documents.iter().zip(&answers) {
        assert_eq!(answer, &serde_json::json!([]), "{name}");
    }
    for ((document, expect), answer) in REJECTED.iter().zip(&answers[documents.len()..]) {
        assert!(answer.to_string().replace(r#"\""#, "\"").contains(expect), "{document}\n{answer:#}");
    }
}

fn definitions() -> Vec<PathBuf> {
    let folder = workspace().join("../shared/argo");
    let kinds = ["workflows", "workflowtemplates", "cronworkflows"];
    let paths = kinds.map(|kind| folder.join(format!("crd_{kind}.yaml")));
    if paths.iter().all(|path| path.exists()) { paths.to_vec() } else { Vec::new() }
}

/// Returns the workflows of the repository by their paths: those of the examples, and all snapshots.
fn documents() -> Vec<(String, String)> {
    let mut folders = vec![workspace().join("kfp-compiler/tests/lowering")];
    folders.extend(sorted(&workspace().join("examples")).into_iter().filter(|path| path.is_dir()));
    let mut documents = Vec::new();
    for path in folders.iter().flat_map(|folder| sorted(folder)) {
        let name = path.display().to_string();
        if name.ends_with(".yaml") || name.ends_with(".yaml.snap") {
            let text = fs::read_to_string(&path).unwrap();
            // The header of a snapshot is enclosed in lines of dashes.
            let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
            let body = body.map_or(text.as_str(), |(_, body)| body);
            documents.push((name, body.to_owned()));
        }
    }
    assert!(documents.len() > 5, "found only {} workflows", documents.len());
    documents
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
