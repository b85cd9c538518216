//! Containers and the part of Kubernetes' pod settings that they need.

use indexmap::IndexMap;
use serde::Serialize;

use super::Empty;
use crate::text::Text;
use crate::yaml;

/// One container.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// The image.
    pub image: String,
    /// The program and its first arguments.
    #[serde(serialize_with = "yaml::texts")]
    pub command: Vec<Text>,
    /// Further arguments.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "yaml::texts")]
    pub args: Vec<Text>,
    /// Environment variables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvironmentVariable>,
    /// What the container needs of its machine.
    #[serde(skip_serializing_if = "ResourceRequirements::is_empty")]
    pub resources: ResourceRequirements,
    /// Where volumes appear.
    pub volume_mounts: Vec<VolumeMount>,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentVariable {
    /// The name.
    pub name: String,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
    /// Where the text comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<EnvironmentSource>,
}

/// Where the text of an environment variable comes from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum EnvironmentSource {
    /// A key of a secret.
    SecretKeyRef(KeySelector),
    /// A key of a config map.
    ConfigMapKeyRef(KeySelector),
}

/// A key of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeySelector {
    /// The name of the object.
    pub name: Text,
    /// The key in it.
    pub key: Text,
    /// Whether the variable is left out where there is no such key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// What a container needs of its machine, as quantities by the names of resources.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ResourceRequirements {
    /// What the scheduler looks for.
    pub requests: IndexMap<String, String>,
    /// What the kubelet enforces.
    pub limits: IndexMap<String, String>,
}

/// A volume of a pod that lives as long as the pod.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// The name.
    pub name: String,
    /// An empty folder.
    pub empty_dir: Empty,
}

/// Where a volume appears in a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeMount {
    /// The volume.
    pub name: String,
    /// The folder.
    pub mount_path: String,
}

impl ResourceRequirements {
    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.limits.is_empty()
    }
}
