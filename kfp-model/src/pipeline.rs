//! Pipelines: interface, settings and root region.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Cache, Duration, Input, Output, Region};

/// A named, typed graph of tasks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// The name, which is the prefix of the names of its runs: lowercase letters, digits and `-`.
    pub name: String,
    /// The author's version of the definition; any text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The author's description of the pipeline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The parameters, in the order of their declaration.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub inputs: IndexMap<String, Input>,
    /// The outputs; the root region yields the same names.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, Output>,
    /// The settings of the whole pipeline.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// The tasks.
    pub root: Region,
}

/// Settings of a whole pipeline; all are optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The cache setting of all steps that do not set it themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
    /// The maximum duration of a run, without exit handlers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// The maximum number of steps that run at the same time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
}

impl Settings {
    /// Whether no setting is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
