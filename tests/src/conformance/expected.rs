//! A conformance case without its pipeline: its runs in order, and the expectations of each.

use serde::{Deserialize, Serialize};

use super::Run;

/// The expectations of a case, as printed by `conformance expected CASE`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The name of the case, which is the name of its pipeline.
    pub name: String,
    /// The group that the case belongs to, such as `07-loops`.
    pub group: String,
    /// The reason that the case cannot run on a cluster, if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_only: Option<String>,
    /// Whether the case has container steps.
    #[serde(default)]
    pub needs_containers: bool,
    /// Whether the case has notebook steps.
    #[serde(default)]
    pub needs_notebooks: bool,
    /// Strings that the workflow YAML of the case must contain.
    #[serde(default)]
    pub in_yaml: Vec<String>,
    /// The runs, in order. They share a cache.
    pub runs: Vec<Run>,
}
