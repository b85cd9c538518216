//! Parameters and artifacts: as inputs, as outputs, as arguments.

use super::Spot;
use super::index::Index;

/// Parameters and artifacts that stand together.
#[derive(Debug, Default)]
pub(crate) struct Values<'a> {
    pub(crate) parameters: Vec<Parameter<'a>>,
    pub(crate) artifacts: Vec<Artifact<'a>>,
    by_name: [Index<'a>; 2],
}

/// A parameter.
#[derive(Debug)]
pub(crate) struct Parameter<'a> {
    /// The name, which is empty where there is none.
    pub(crate) name: &'a str,
    pub(crate) spot: Spot<'a>,
}

/// An artifact.
#[derive(Debug)]
pub(crate) struct Artifact<'a> {
    /// The name, which is empty where there is none.
    pub(crate) name: &'a str,
    pub(crate) spot: Spot<'a>,
}

/// Where artifacts may lie, with what their key is called.
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
    /// What stands under `inputs`, `outputs` or `arguments`.
    pub(super) fn of(spot: Option<Spot<'a>>) -> Self {
        let Some(spot) = spot else { return Self::default() };
        let parameters = spot.list("parameters").map(|spot| Parameter { name: name(&spot), spot });
        let artifacts = spot.list("artifacts").map(|spot| Artifact { name: name(&spot), spot });
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

fn name<'a>(spot: &Spot<'a>) -> &'a str {
    spot.text_at("name").unwrap_or_default()
}

impl<'a> Parameter<'a> {
    /// The value, which may be an empty text.
    pub(crate) fn value(&self) -> Option<Spot<'a>> {
        self.spot.get("value")
    }

    /// Whether a template that has this input runs without an argument for it.
    pub(crate) fn has_value(&self) -> bool {
        self.spot.has("value")
            || self.spot.has("default")
            || self.spot.at(&["valueFrom", "configMapKeyRef"]).is_some()
    }

    /// Whether an output has a value also if the task was skipped.
    pub(crate) fn has_fallback(&self) -> bool {
        self.spot.at(&["valueFrom", "default"]).is_some()
    }
}

impl Artifact<'_> {
    pub(crate) fn is_optional(&self) -> bool {
        self.spot.is_true("optional")
    }

    /// Whether it says where it lies, in a whole location or in a key alone.
    pub(crate) fn has_location(&self) -> bool {
        LOCATIONS.iter().any(|(kind, key, whole)| {
            self.spot.get(kind).is_some_and(|location| {
                let all = |fields: &[&str]| fields.iter().all(|field| has(&location, field));
                (!key.is_empty() && all(key)) || all(whole)
            })
        })
    }
}

/// Whether something that is not empty stands under the key.
fn has(spot: &Spot<'_>, key: &str) -> bool {
    spot.get(key).is_some_and(|value| match value.tree.text() {
        Some(text) => !text.is_empty(),
        None => true,
    })
}
