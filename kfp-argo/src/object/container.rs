//! Containers and the related pod settings.

use indexmap::IndexMap;
use serde::Serialize;

use super::Empty;
use crate::text::Text;
use crate::yaml;

/// A container.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Container {
    /// The image.
    pub image: String,
    /// The command and its first arguments.
    #[serde(serialize_with = "yaml::texts")]
    pub command: Vec<Text>,
    /// Further arguments.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "yaml::texts")]
    pub args: Vec<Text>,
    /// Environment variables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub env: Vec<EnvironmentVariable>,
    /// The resource requests and limits.
    #[serde(skip_serializing_if = "ResourceRequirements::is_empty")]
    pub resources: ResourceRequirements,
    /// The mounted volumes.
    pub volume_mounts: Vec<VolumeMount>,
}

/// An environment variable.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentVariable {
    /// The name.
    pub name: String,
    /// The value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Text>,
    /// The source of the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value_from: Option<EnvironmentSource>,
}

/// The source of the value of an environment variable.
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
    /// Whether the variable is omitted if there is no such key.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub optional: bool,
}

/// Resource requests and limits: quantities by resource name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ResourceRequirements {
    /// The amounts that the scheduler reserves.
    pub requests: IndexMap<String, String>,
    /// The limits that the kubelet enforces.
    pub limits: IndexMap<String, String>,
}

/// A volume with the lifetime of its pod.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Volume {
    /// The name.
    pub name: String,
    /// An `emptyDir` volume.
    pub empty_dir: Empty,
}

/// A volume mount of a container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VolumeMount {
    /// The name of the volume.
    pub name: String,
    /// The mount path.
    pub mount_path: String,
}

impl ResourceRequirements {
    /// Returns whether there are no requests or limits.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.limits.is_empty()
    }
}
