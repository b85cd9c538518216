//! Templates: DAGs and containers with their interface.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Affinity, Container, Dag, KeySelector, Volume};
use crate::expression::Expression;
use crate::text::Text;
use crate::yaml;

/// Something that can be started.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The name, in kebab case.
    pub name: String,
    /// What is written on the pod.
    #[serde(skip_serializing_if = "PodMetadata::is_empty")]
    pub metadata: PodMetadata,
    /// What goes in.
    #[serde(skip_serializing_if = "Inputs::is_empty")]
    pub inputs: Inputs,
    /// What comes out.
    #[serde(skip_serializing_if = "Outputs::is_empty")]
    pub outputs: Outputs,
    /// Reuse of earlier results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memoize: Option<Memoize>,
    /// What happens after a failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_strategy: Option<RetryStrategy>,
    /// What is changed in the settings of the pod, as a JSON text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_spec_patch: Option<Text>,
    /// The machines that the pod prefers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// The most tasks of the graph at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
    /// The longest running time of one attempt in seconds: a text, unlike the one of the workflow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_deadline_seconds: Option<String>,
    /// Volumes of the pod.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// The graph, where the template is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dag: Option<Dag>,
    /// The container, where the template is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// Waits for somebody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<Suspend>,
}

/// What is written on a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PodMetadata {
    /// What it is selected by.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// Remarks for people and tools.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// What goes into a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Inputs {
    /// Texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Files and folders.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
}

/// What comes out of a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Outputs {
    /// Texts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// Files and folders.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
}

/// A text with a name.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The texts that somebody may choose from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub r#enum: Vec<String>,
    /// The text, mostly with tags that Argo replaces.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "yaml::text")]
    pub value: Option<Text>,
    /// Where the text comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<ValueFrom>,
    /// The name under which the whole workflow sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global_name: Option<String>,
}

/// A wait, until somebody ends it or for some time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Suspend {
    /// How long, in seconds or with a unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
}

/// Where an output parameter comes from: one of the first four.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ValueFrom {
    /// A file of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A tag that names an output of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<Text>,
    /// An expression, without braces around it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "yaml::expression")]
    pub expression: Option<Expression>,
    /// Somebody who ends the waiting.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplied: Option<Empty>,
    /// The text where there is nothing else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Text>,
}

/// A file or folder with a name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Artifact {
    /// The name.
    pub name: String,
    /// Where it lies in the container.
    pub path: Text,
    /// How it is packed.
    pub archive: Archive,
    /// Where it lies in the artifact repository.
    pub s3: S3,
    /// Whether it may be absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// How an artifact is packed: not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Archive {
    /// As it is.
    pub none: Empty,
}

/// A mapping without members.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Empty {}

/// A place in the artifact repository or, where it is said which one, in another store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct S3 {
    /// Host and port of another store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether it is spoken to without TLS.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
    /// Its region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The access key for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_secret: Option<KeySelector>,
    /// The secret key for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key_secret: Option<KeySelector>,
    /// Whether the pod's own identity is used in place of keys.
    #[serde(rename = "useSDKCreds", skip_serializing_if = "std::ops::Not::not")]
    pub use_sdk_creds: bool,
    /// The bucket of another store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<Text>,
    /// The key.
    pub key: Text,
}

impl S3 {
    /// A place in the artifact repository, whose bucket is known to it alone.
    pub fn of_key(key: impl Into<Text>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
}

/// Reuse of earlier results with the same key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memoize {
    /// What must be the same.
    pub key: Text,
    /// How long a result is good.
    pub max_age: String,
    /// Where results are kept.
    pub cache: MemoizeCache,
}

/// Where results are kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoizeCache {
    /// A config map in the namespace of the workflow.
    pub config_map: NameReference,
}

/// An object by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameReference {
    /// The name.
    pub name: Text,
}

/// What happens after a failure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryStrategy {
    /// Tries after the first one.
    pub limit: String,
    /// Which outcomes are tried again, before the expression is asked.
    pub retry_policy: &'static str,
    /// The pause between tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Backoff>,
    /// Whether there is another attempt.
    pub expression: Expression,
}

/// The pause between tries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backoff {
    /// The first pause.
    pub duration: String,
    /// What each pause is multiplied with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// The longest pause.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
}

impl ValueFrom {
    /// From a file of the container.
    pub fn path(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// From what a tag names.
    pub fn parameter(tag: impl Into<Text>) -> Self {
        Self { parameter: Some(tag.into()), ..Self::default() }
    }

    /// From an expression.
    pub fn expression(expression: Expression) -> Self {
        Self { expression: Some(expression), ..Self::default() }
    }

    /// From somebody.
    pub fn supplied() -> Self {
        Self { supplied: Some(Empty {}), ..Self::default() }
    }

    /// The text where there is nothing.
    #[must_use]
    pub fn or(mut self, text: impl Into<Text>) -> Self {
        self.default = Some(text.into());
        self
    }
}

impl PodMetadata {
    /// Whether nothing is written on it.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.annotations.is_empty()
    }
}

impl Inputs {
    /// Whether nothing goes in.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.artifacts.is_empty()
    }
}

impl Outputs {
    /// Whether nothing comes out.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.artifacts.is_empty()
    }
}

impl Parameter {
    /// A parameter that is declared only.
    pub fn declared(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// A parameter with a value.
    pub fn with_value(name: impl Into<String>, value: impl Into<Text>) -> Self {
        Self { name: name.into(), value: Some(value.into()), ..Self::default() }
    }

    /// A parameter that comes from somewhere.
    pub fn from_source(name: impl Into<String>, source: ValueFrom) -> Self {
        Self { name: name.into(), value_from: Some(source), ..Self::default() }
    }
}
