//! Reads the definitions as JSON: one of each kind, and the JSON schema with the type names.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use kfp_diag::source::manifests;
use serde_json::{Map, Value};

/// The sources to join.
pub(crate) struct Definitions {
    /// The schemas of the API server, by kind.
    pub(crate) kinds: BTreeMap<&'static str, Value>,
    /// The types of the JSON schema, by name.
    pub(crate) types: Map<String, Value>,
}

/// The files of the definitions, by kind.
const FILES: [(&str, &str); 3] = [
    ("Workflow", "crd_workflows.yaml"),
    ("WorkflowTemplate", "crd_workflowtemplates.yaml"),
    ("CronWorkflow", "crd_cronworkflows.yaml"),
];

/// Reads the definitions from the folder; `None` if they are missing.
pub(crate) fn load(folder: &Path) -> Option<Definitions> {
    let mut schema: Value = serde_json::from_slice(&fs::read(folder.join("schema.json")).ok()?).unwrap();
    let types = schema["definitions"].as_object_mut().unwrap();
    let mut kinds = BTreeMap::new();
    for (kind, file) in FILES {
        let text = fs::read(folder.join(file)).ok()?;
        let trees = manifests(file, &text).unwrap();
        let definition = trees.tree.items()[0].to_json();
        let schema = definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone();
        assert!(schema.is_object(), "{file}");
        kinds.insert(kind, schema);
    }
    Some(Definitions { kinds, types: std::mem::take(types) })
}
