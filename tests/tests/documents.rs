//! Every committed workflow, held against what the API server itself would say to it.
//!
//! The definitions of Argo's resources are not part of this repository; they are looked for beside it. Where they,
//! Go or its modules are missing, the test says so and passes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tests::{Oracle, workspace};

/// Documents that are refused, with a part of what is said to each.
const REFUSED: &[(&str, &str)] = &[
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
fn the_api_server_takes_every_workflow_and_refuses_wrong_ones() {
    let definitions = definitions();
    if definitions.is_empty() {
        println!("skipped: there are no definitions of Argo's resources beside the repository");
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
    let refused = REFUSED.iter().map(|(document, _)| Value::from(*document));
    let questions: Vec<Value> =
        documents.iter().map(|(_, text)| Value::from(text.as_str())).chain(refused).collect();
    let answers = oracle.ask(&definitions, &questions);
    for ((name, _), answer) in documents.iter().zip(&answers) {
        assert_eq!(answer, &serde_json::json!([]), "{name}");
    }
    for ((document, expect), answer) in REFUSED.iter().zip(&answers[documents.len()..]) {
        assert!(answer.to_string().replace(r#"\""#, "\"").contains(expect), "{document}\n{answer:#}");
    }
}

fn definitions() -> Vec<PathBuf> {
    let folder = workspace().join("../shared/argo");
    let kinds = ["workflows", "workflowtemplates", "cronworkflows"];
    let paths = kinds.map(|kind| folder.join(format!("crd_{kind}.yaml")));
    if paths.iter().all(|path| path.exists()) { paths.to_vec() } else { Vec::new() }
}

/// The workflows of the repository by their paths: those of the examples, and all snapshots.
fn documents() -> Vec<(String, String)> {
    let mut folders = vec![workspace().join("kfp-compiler/tests/lowering")];
    folders.extend(sorted(&workspace().join("examples")).into_iter().filter(|path| path.is_dir()));
    let mut documents = Vec::new();
    for path in folders.iter().flat_map(|folder| sorted(folder)) {
        let name = path.display().to_string();
        if name.ends_with(".yaml") || name.ends_with(".yaml.snap") {
            let text = fs::read_to_string(&path).unwrap();
            // A snapshot begins with a header between lines of dashes.
            let body = text.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n"));
            let body = body.map_or(text.as_str(), |(_, body)| body);
            documents.push((name, body.to_owned()));
        }
    }
    assert!(documents.len() > 5, "only {} workflows are found", documents.len());
    documents
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}
