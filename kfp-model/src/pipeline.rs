//! A pipeline: interface, settings and root region.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Cache, Duration, Input, Output, Region};

/// A typed graph of tasks with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Pipeline {
    /// The name, which becomes the prefix of the names of its runs: lower case letters, digits and `-`.
    pub name: String,
    /// The author's version of the definition; free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What the pipeline is for, in the words of its author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The parameters, in the order of their declaration.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub inputs: IndexMap<String, Input>,
    /// What the pipeline gives back; the root region yields the same names.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, Output>,
    /// What holds for the whole pipeline.
    #[serde(default, skip_serializing_if = "Settings::is_empty")]
    pub settings: Settings,
    /// The tasks.
    pub root: Region,
}

/// What holds for a whole pipeline; everything is optional.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The cache setting of every step that has none of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<Cache>,
    /// The longest time that a run may take, exit handlers aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeout: Option<Duration>,
    /// The most steps that may run at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parallelism: Option<u32>,
}

impl Settings {
    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
