//! Templates: DAGs and containers with their inputs and outputs.

use indexmap::IndexMap;
use serde::Serialize;

use super::{Affinity, Container, Dag, KeySelector, Volume};
use crate::expression::Expression;
use crate::text::Text;
use crate::yaml;

/// A template.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Template {
    /// The name, in kebab case.
    pub name: String,
    /// The metadata of the pod.
    #[serde(skip_serializing_if = "PodMetadata::is_empty")]
    pub metadata: PodMetadata,
    /// The inputs.
    #[serde(skip_serializing_if = "Inputs::is_empty")]
    pub inputs: Inputs,
    /// The outputs.
    #[serde(skip_serializing_if = "Outputs::is_empty")]
    pub outputs: Outputs,
    /// The cache for results.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memoize: Option<Memoize>,
    /// The retry strategy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_strategy: Option<RetryStrategy>,
    /// A JSON patch of the pod spec.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pod_spec_patch: Option<Text>,
    /// The node affinity of the pod.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub affinity: Option<Affinity>,
    /// The maximum number of tasks that run at the same time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
    /// The time limit of one attempt in seconds, as a string.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub active_deadline_seconds: Option<String>,
    /// The volumes of the pod.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Volume>,
    /// The DAG, if the template is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dag: Option<Dag>,
    /// The container, if the template is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
    /// The suspension, if the template is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suspend: Option<Suspend>,
}

/// The metadata of a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PodMetadata {
    /// The labels.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<String, String>,
    /// The annotations.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub annotations: IndexMap<String, String>,
}

/// The inputs of a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Inputs {
    /// The parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// The artifacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
}

/// The outputs of a template.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Outputs {
    /// The parameters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parameters: Vec<Parameter>,
    /// The artifacts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub artifacts: Vec<Artifact>,
}

/// A parameter.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Parameter {
    /// The name.
    pub name: String,
    /// The description for users.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The allowed values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub r#enum: Vec<String>,
    /// The value, which may contain tags.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "yaml::text")]
    pub value: Option<Text>,
    /// The source of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<ValueFrom>,
    /// The name of the global output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global_name: Option<String>,
}

/// A suspension until a user resumes it, or for some time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Suspend {
    /// The duration, in seconds or with a unit. By default, until resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration: Option<String>,
}

/// The source of an output parameter: one of the first four fields.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct ValueFrom {
    /// A file of the container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// A tag that reads an output of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<Text>,
    /// An expression without braces.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "yaml::expression")]
    pub expression: Option<Expression>,
    /// The user who resumes the suspension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplied: Option<Empty>,
    /// The default value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Text>,
}

/// An artifact: a file or directory.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Artifact {
    /// The name.
    pub name: String,
    /// The path in the container.
    pub path: Text,
    /// The archive format.
    pub archive: Archive,
    /// The location in the artifact repository.
    pub s3: S3,
    /// Whether it may be absent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// The archive format of an artifact. Always none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Archive {
    /// No archive.
    pub none: Empty,
}

/// An empty object.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Empty {}

/// A location in the artifact repository, or in another store if one is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct S3 {
    /// The host and port of the other store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<String>,
    /// Whether the connection is made without TLS.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub insecure: bool,
    /// The region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The access key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access_key_secret: Option<KeySelector>,
    /// The secret key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret_key_secret: Option<KeySelector>,
    /// Whether the identity of the pod is used instead of keys.
    #[serde(rename = "useSDKCreds", skip_serializing_if = "std::ops::Not::not")]
    pub use_sdk_creds: bool,
    /// The bucket of the other store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bucket: Option<Text>,
    /// The object key.
    pub key: Text,
}

impl S3 {
    /// Returns a location in the artifact repository.
    pub fn of_key(key: impl Into<Text>) -> Self {
        Self { key: key.into(), ..Self::default() }
    }
}

/// A cache that reuses earlier results with the same key.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memoize {
    /// The cache key.
    pub key: Text,
    /// The maximum age of a result.
    pub max_age: String,
    /// The storage of the results.
    pub cache: MemoizeCache,
}

/// The storage of cached results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemoizeCache {
    /// A config map in the namespace of the workflow.
    pub config_map: NameReference,
}

/// A reference to an object by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NameReference {
    /// The name.
    pub name: Text,
}

/// A retry strategy.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RetryStrategy {
    /// The maximum number of retries.
    pub limit: String,
    /// The outcomes that can be retried. The expression is evaluated only for these.
    pub retry_policy: &'static str,
    /// The delay between attempts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backoff: Option<Backoff>,
    /// The condition for another attempt.
    pub expression: Expression,
}

/// The delay between attempts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Backoff {
    /// The first delay.
    pub duration: String,
    /// The factor between successive delays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<String>,
    /// The maximum delay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cap: Option<String>,
}

impl ValueFrom {
    /// Reads a file of the container.
    pub fn path(path: impl Into<String>) -> Self {
        Self { path: Some(path.into()), ..Self::default() }
    }

    /// Reads the output that a tag names.
    pub fn parameter(tag: impl Into<Text>) -> Self {
        Self { parameter: Some(tag.into()), ..Self::default() }
    }

    /// Evaluates an expression.
    pub fn expression(expression: Expression) -> Self {
        Self { expression: Some(expression), ..Self::default() }
    }

    /// Waits for a value from the user.
    pub fn supplied() -> Self {
        Self { supplied: Some(Empty {}), ..Self::default() }
    }

    /// Sets the default value.
    #[must_use]
    pub fn or(mut self, text: impl Into<Text>) -> Self {
        self.default = Some(text.into());
        self
    }
}

impl PodMetadata {
    /// Returns whether there is no metadata.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.annotations.is_empty()
    }
}

impl Inputs {
    /// Returns whether there are no inputs.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.artifacts.is_empty()
    }
}

impl Outputs {
    /// Returns whether there are no outputs.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty() && self.artifacts.is_empty()
    }
}

impl Parameter {
    /// Returns a parameter without a value.
    pub fn declared(name: impl Into<String>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Returns a parameter with a value.
    pub fn with_value(name: impl Into<String>, value: impl Into<Text>) -> Self {
        Self { name: name.into(), value: Some(value.into()), ..Self::default() }
    }

    /// Returns a parameter with a source.
    pub fn from_source(name: impl Into<String>, source: ValueFrom) -> Self {
        Self { name: name.into(), value_from: Some(source), ..Self::default() }
    }
}
