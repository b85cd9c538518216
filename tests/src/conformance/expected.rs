//! A case without its pipeline: the runs that it has, one after the other, and what is expected of them.

use serde::{Deserialize, Serialize};

use super::Run;

/// What is expected of a case; what `conformance expected CASE` prints.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The name of the case, which is the name of its pipeline.
    pub name: String,
    /// The group that the case belongs to, as `07-loops`.
    pub group: String,
    /// Why the case cannot run on a cluster, if it cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub local_only: Option<String>,
    /// Whether the case has steps that are containers.
    #[serde(default)]
    pub needs_containers: bool,
    /// Whether the case has steps that are notebooks.
    #[serde(default)]
    pub needs_notebooks: bool,
    /// Texts that the workflow of the case has somewhere in its YAML.
    #[serde(default)]
    pub in_yaml: Vec<String>,
    /// The runs, in this order. They share what is cached.
    pub runs: Vec<Run>,
}
