//! Which machines a pod prefers.

use serde::Serialize;

use crate::text::Text;

/// The machines that a pod prefers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Affinity {
    /// By the labels of the machines.
    pub node_affinity: NodeAffinity,
}

/// Preferences by labels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeAffinity {
    /// What is preferred when the pod is placed.
    #[serde(rename = "preferredDuringSchedulingIgnoredDuringExecution")]
    pub preferred: Vec<PreferredNodes>,
}

/// A preference and what it counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreferredNodes {
    /// From 1 to 100.
    pub weight: u32,
    /// What is preferred.
    pub preference: NodePreference,
}

/// Requirements that all hold for what is preferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NodePreference {
    /// The requirements.
    pub match_expressions: Vec<NodeSelectorRequirement>,
}

/// A requirement for the labels of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NodeSelectorRequirement {
    /// The name of the label.
    pub key: String,
    /// `In` or `NotIn`, perhaps by an expression.
    pub operator: Text,
    /// The values of the label.
    pub values: Vec<String>,
}
