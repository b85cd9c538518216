//! The judges of manifests: Argo's linter, and the API server's validation.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tests::{Oracle, workspace};

/// The number of files per call of Argo's linter.
const BATCH: usize = 25;

/// Returns whether Argo's linter is installed.
pub(crate) fn has_argo() -> bool {
    Command::new("argo").arg("version").output().is_ok()
}

/// Returns the files that Argo's linter rejects, with its first message. The files can refer to each other.
pub(crate) fn argo(folder: &Path, names: &[String]) -> BTreeMap<String, String> {
    let mut refused = BTreeMap::new();
    for batch in names.chunks(BATCH) {
        let mut rest = batch.to_vec();
        // A file with invalid types stops the linter before it reports anything about the others.
        while let Some((name, message)) = lint(folder, &rest, &mut refused) {
            rest.retain(|other| *other != name);
            refused.insert(name, message);
        }
    }
    refused
}

/// Lints the files; returns the file that cannot be parsed, if there is one.
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

/// The API server's validation, if Go and the definitions are available.
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
            return Err("no definitions of Argo's resources next to the repository".to_owned());
        }
        let oracle = Oracle::build("documents", Path::new(env!("CARGO_TARGET_TMPDIR")))?;
        Ok(Self { oracle, definitions })
    }

    /// Returns the messages about each document, in order; none for accepted documents.
    pub(crate) fn validate(&self, documents: &[Value]) -> Vec<Vec<String>> {
        // Only the namespaced template is defined; its definition is the same.
        let text = |document: &Value| {
            let mut document = document.clone();
            if document["kind"] == "ClusterWorkflowTemplate" {
                document["kind"] = "WorkflowTemplate".into();
            }
            Value::String(document.to_string())
        };
        let questions: Vec<Value> = documents.iter().map(text).collect();
        let answers = self.oracle.answers(&self.definitions, &questions);
        answers.into_iter().map(|answer| serde_json::from_value(answer).unwrap()).collect()
    }
}

/// Writes documents into one file.
pub(crate) fn write(folder: &Path, name: &str, documents: &[Value]) {
    let text: Vec<String> = documents.iter().map(Value::to_string).collect();
    fs::write(folder.join(name), text.join("\n---\n") + "\n").unwrap();
}
