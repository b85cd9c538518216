//! Node affinity of pods.

use serde::Serialize;

use crate::text::Text;

/// The affinity of a pod.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Affinity {
    /// The preferred nodes.
    pub node_affinity: NodeAffinity,
}

/// Preferences for nodes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeAffinity {
    /// The preferences that apply when the pod is scheduled.
    #[serde(rename = "preferredDuringSchedulingIgnoredDuringExecution")]
    pub preferred: Vec<PreferredNodes>,
}

/// A preference and its weight.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreferredNodes {
    /// The weight, from 1 to 100.
    pub weight: u32,
    /// The preferred nodes.
    pub preference: NodePreference,
}

/// Requirements that preferred nodes must all meet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodePreference {
    /// The requirements.
    pub match_expressions: Vec<NodeSelectorRequirement>,
}

/// A requirement on the labels of a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeSelectorRequirement {
    /// The name of the label.
    pub key: String,
    /// `In` or `NotIn`, or an expression that returns one of them.
    pub operator: Text,
    /// The values of the label.
    pub values: Vec<String>,
}
