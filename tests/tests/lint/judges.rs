//! Those who know whether a manifest is right: Argo's linter, and the code of the API server.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tests::{Oracle, workspace};

/// Files that Argo's linter is given at once.
const BATCH: usize = 25;

/// Whether Argo's linter is here.
pub(crate) fn has_argo() -> bool {
    Command::new("argo").arg("version").output().is_ok()
}

/// Which of the files Argo's linter refuses, with the first thing that it says. They are seen together.
pub(crate) fn argo(folder: &Path, names: &[String]) -> BTreeMap<String, String> {
    let mut refused = BTreeMap::new();
    for batch in names.chunks(BATCH) {
        let mut rest = batch.to_vec();
        // A file whose types are wrong ends it before anything is said of the others.
        while let Some((name, message)) = lint(folder, &rest, &mut refused) {
            rest.retain(|other| *other != name);
            refused.insert(name, message);
        }
    }
    refused
}

/// Lints the files; gives the one that cannot be read, where there is one.
fn lint(folder: &Path, names: &[String], refused: &mut BTreeMap<String, String>) -> Option<(String, String)> {
    if names.is_empty() {
        return None;
    }
    let output = Command::new("argo")
        .args(["lint", "--offline", "--output", "simple"])
        .args(names)
        .current_dir(folder)
        .output()
        .unwrap();
    let known = |name: &str| names.iter().any(|known| known == name);
    let errors = String::from_utf8_lossy(&output.stderr);
    let unreadable = errors.lines().find_map(|line| line.split_once("failed to parse YAML from file "));
    if let Some((_, rest)) = unreadable {
        let (name, message) = rest.split_once(": ").unwrap();
        assert!(known(name), "{errors}");
        return Some((name.to_owned(), message.to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter_map(|line| line.split_once(": "));
    for (name, message) in lines.filter(|(name, _)| known(name)) {
        refused.entry(name.to_owned()).or_insert_with(|| message.to_owned());
    }
    None
}

/// The code of the API server, where Go and the definitions are here.
pub(crate) struct ApiServer {
    oracle: Oracle,
    definitions: Vec<PathBuf>,
}

impl ApiServer {
    pub(crate) fn get() -> Result<Self, String> {
        let folder = workspace().join("../shared/argo");
        let kinds = ["workflows", "workflowtemplates", "cronworkflows"];
        let definitions = kinds.map(|kind| folder.join(format!("crd_{kind}.yaml"))).to_vec();
        if !definitions.iter().all(|path| path.exists()) {
            return Err("there are no definitions of Argo's resources beside the repository".to_owned());
        }
        let oracle = Oracle::build("documents", Path::new(env!("CARGO_TARGET_TMPDIR")))?;
        Ok(Self { oracle, definitions })
    }

    /// What is said to each document, in their order; nothing to those that are taken.
    pub(crate) fn ask(&self, documents: &[Value]) -> Vec<Vec<String>> {
        // It knows the definition of templates for one namespace, which is the same.
        let text = |document: &Value| {
            let mut document = document.clone();
            if document["kind"] == "ClusterWorkflowTemplate" {
                document["kind"] = "WorkflowTemplate".into();
            }
            Value::String(document.to_string())
        };
        let questions: Vec<Value> = documents.iter().map(text).collect();
        let answers = self.oracle.ask(&self.definitions, &questions);
        answers.into_iter().map(|answer| serde_json::from_value(answer).unwrap()).collect()
    }
}

/// Writes documents into one file.
pub(crate) fn write(folder: &Path, name: &str, documents: &[Value]) {
    let text: Vec<String> = documents.iter().map(Value::to_string).collect();
    fs::write(folder.join(name), text.join("\n---\n") + "\n").unwrap();
}
