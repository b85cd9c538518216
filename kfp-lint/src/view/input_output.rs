//! Parameters and artifacts of inputs, outputs and arguments.

use super::YamlNode;
use super::index::Index;

/// The parameters and artifacts of one node.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) artifacts: Vec<Artifact<'a>>,
    by_name: [Index<'a>; 2],
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Parameter<'a> {
    /// The name; empty if there is none.
    pub(crate) name: &'a str,
    pub(crate) node: YamlNode<'a>,
}

/// An artifact.
#[derive(Debug)]
pub(crate) struct Artifact<'a> {
    /// The name; empty if there is none.
    pub(crate) name: &'a str,
    pub(crate) node: YamlNode<'a>,
}

/// The locations of artifacts: the field, the fields of its key, and the fields of a full location.
const LOCATIONS: [(&str, &[&str], &[&str]); 10] = [
    ("s3", &["key"], &["endpoint", "bucket", "key"]),
    ("gcs", &["key"], &["bucket", "key"]),
    ("oss", &["key"], &["endpoint", "bucket", "key"]),
    ("azure", &["blob"], &["endpoint", "container", "blob"]),
    ("plugin", &["key"], &["name", "configuration", "key"]),
    ("hdfs", &["path"], &["addresses"]),
    ("artifactory", &["url"], &["url", "usernameSecret"]),
    ("http", &["url"], &["url"]),
    ("git", &[], &["repo"]),
    ("raw", &[], &[]),
];

impl<'a> Values<'a> {
    /// Reads `inputs`, `outputs` or `arguments`.
    pub(super) fn of(node: Option<YamlNode<'a>>) -> Self {
        let Some(node) = node else { return Self::default() };
        let parameters = node.list("parameters").map(|node| Parameter { name: name(&node), node });
        let artifacts = node.list("artifacts").map(|node| Artifact { name: name(&node), node });
        let (parameters, artifacts): (Vec<_>, Vec<_>) = (parameters.collect(), artifacts.collect());
        let by_name = [
            Index::of(parameters.iter().map(|parameter| parameter.name)),
            Index::of(artifacts.iter().map(|artifact| artifact.name)),
        ];
        Self { parameters, artifacts, by_name }
    }

    pub(crate) fn parameter(&self, name: &str) -> Option<&Parameter<'a>> {
        self.by_name[0].find(name, &self.parameters, |parameter| parameter.name)
    }

    pub(crate) fn artifact(&self, name: &str) -> Option<&Artifact<'a>> {
        self.by_name[1].find(name, &self.artifacts, |artifact| artifact.name)
    }
}

fn name<'a>(node: &YamlNode<'a>) -> &'a str {
    node.text_at("name").unwrap_or_default()
}

impl<'a> Parameter<'a> {
    /// Returns the value, which may be an empty string.
    pub(crate) fn value(&self) -> Option<YamlNode<'a>> {
        self.node.get("value")
    }

    /// Returns whether the input is optional.
    pub(crate) fn has_value(&self) -> bool {
        self.node.has("value")
            || self.node.has("default")
            || self.node.at(&["valueFrom", "configMapKeyRef"]).is_some()
    }

    /// Returns whether the output has a value even if the task is skipped.
    pub(crate) fn has_fallback(&self) -> bool {
        self.node.at(&["valueFrom", "default"]).is_some()
    }
}

impl Artifact<'_> {
    pub(crate) fn is_optional(&self) -> bool {
        self.node.is_true("optional")
    }

    /// Returns whether the artifact has a full location or at least a key.
    pub(crate) fn has_location(&self) -> bool {
        LOCATIONS.iter().any(|(kind, key, whole)| {
            self.node.get(kind).is_some_and(|location| {
                let all = |fields: &[&str]| fields.iter().all(|field| has(&location, field));
                (!key.is_empty() && all(key)) || all(whole)
            })
        })
    }
}

/// Returns whether the key has a value other than an empty string.
fn has(node: &YamlNode<'_>, key: &str) -> bool {
    node.get(key).is_some_and(|value| match value.tree.text() {
        Some(text) => !text.is_empty(),
        None => true,
    })
}
