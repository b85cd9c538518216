//! The pipeline document, which the SDK passes to the compiler.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Component, ComponentId, Location, Locations, Pipeline, Place};

/// The version of the document format that this crate reads and writes.
///
/// It is raised by every change that an older reader would misinterpret.
pub const SCHEMA_VERSION: u32 = 1;

/// A set of pipelines with everything that they refer to: the exchange format between the SDK and the compiler.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(from = "Written")]
pub struct Document {
    /// The version of the format; [`SCHEMA_VERSION`] in documents that this crate writes.
    pub schema_version: u32,
    /// The pipelines. The SDK writes them sorted by name.
    pub pipelines: Vec<Pipeline>,
    /// The components that the pipelines call, by id.
    pub components: IndexMap<ComponentId, Component>,
    /// The locations in Rust source that created the nodes.
    #[serde(rename = "source_map", skip_serializing_if = "Locations::is_empty")]
    pub locations: Locations,
    /// Errors that the writer of the document found. Readers report them; a document with problems cannot be run.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub problems: Vec<Problem>,
}

/// A pipeline document: pipelines with everything that they refer to.
#[derive(Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Written {
    /// The version of the format.
    schema_version: u32,
    /// The pipelines.
    pipelines: Vec<Pipeline>,
    /// The components that the pipelines call, by id.
    components: IndexMap<ComponentId, Component>,
    /// The locations in Rust source that created the nodes of the document.
    #[serde(default)]
    source_map: Locations,
    /// The locations of the nodes, by JSON pointer. Earlier versions write this instead of `source_map`.
    #[serde(default)]
    locations: BTreeMap<Place, Location>,
    /// The errors that the writer of the document found. A document with problems is rejected.
    #[serde(default)]
    problems: Vec<Problem>,
}

/// An error that the writer of a document found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Problem {
    /// The node that the error is about.
    pub place: Place,
    /// The code of the error, if `kfpc` reports errors of the same kind, such as `KFP0702`. The default is `KFP0111`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// The error message.
    pub message: String,
    /// How to fix the error, as an imperative.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The replacement of a string in the source that applies the help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edit: Option<Replacement>,
}

/// The replacement of a string by another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Replacement {
    /// The string to replace.
    pub from: String,
    /// The new string.
    pub to: String,
}

/// Why a pipeline document cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The text is not valid JSON, or does not have the structure of a document.
    #[error("invalid pipeline document")]
    Json(#[from] serde_json::Error),
    /// The document has an unsupported schema version.
    #[error("unsupported schema version {found} of the document, expected {SCHEMA_VERSION}")]
    SchemaVersion {
        /// The version of the document.
        found: u32,
    },
}

impl Document {
    /// Creates an empty document of the current version.
    pub fn new() -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            pipelines: Vec::new(),
            components: IndexMap::new(),
            locations: Locations::default(),
            problems: Vec::new(),
        }
    }

    /// Reads a document from JSON.
    ///
    /// # Errors
    /// The text is not valid JSON, has an unknown key, lacks a required one, or has an unsupported schema version.
    pub fn from_json(text: &str) -> Result<Self, ReadError> {
        #[derive(Deserialize)]
        struct Version {
            schema_version: u32,
        }
        let error = match serde_json::from_str::<Self>(text) {
            Ok(document) if document.schema_version == SCHEMA_VERSION => return Ok(document),
            Ok(Self { schema_version: found, .. }) => return Err(ReadError::SchemaVersion { found }),
            Err(error) => error,
        };
        // A newer format may have keys that are unknown here, so its version is reported first.
        match serde_json::from_str(text) {
            Ok(Version { schema_version: found }) if found != SCHEMA_VERSION => {
                Err(ReadError::SchemaVersion { found })
            }
            _ => Err(error.into()),
        }
    }

    /// Writes the document as one line of JSON.
    ///
    /// # Panics
    /// Never: the model has string keys and finite numbers only.
    pub fn to_json(&self) -> String {
        let mut text =
            serde_json::to_string(self).expect("the model has string keys and finite numbers only");
        text.push('\n');
        text
    }

    /// Returns the pipeline with that name, if there is one.
    pub fn pipeline(&self, name: &str) -> Option<&Pipeline> {
        self.pipelines.iter().find(|pipeline| pipeline.name == name)
    }
}

impl From<Written> for Document {
    fn from(written: Written) -> Self {
        let Written { schema_version, pipelines, components, source_map: mut locations, problems, .. } =
            written;
        locations.extend(written.locations);
        Self { schema_version, pipelines, components, locations, problems }
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unsupported_version_is_reported_before_unknown_keys() {
        let error = Document::from_json(r#"{"schema_version": 2, "novelty": true}"#).unwrap_err();
        assert_eq!(error.to_string(), "unsupported schema version 2 of the document, expected 1");
    }

    #[test]
    fn unknown_keys_are_rejected() {
        let error =
            Document::from_json(r#"{"schema_version": 1, "pipelines": [], "components": {}, "x": 1}"#);
        assert!(error.is_err());
    }

    #[test]
    fn locations_are_read_in_both_forms() {
        let read = |locations: &str| {
            let text =
                format!(r#"{{"schema_version": 1, "pipelines": [], "components": {{}}, {locations}}}"#);
            Document::from_json(&text).unwrap()
        };
        let whole = read(r#""locations": {"/pipelines/0": {"file": "a.rs", "line": 4, "column": 2}}"#);
        let table = read(
            r#""source_map": {"files": ["a.rs"], "positions": [[0, 4, 2]], "nodes": {"/pipelines/0": 0}}"#,
        );
        assert_eq!(whole, table);
        assert_eq!(whole.locations.nearest(&Place::root().key("pipelines").index(0)).unwrap().line, 4);
        assert_eq!(Document::from_json(&whole.to_json()).unwrap(), whole);
    }
}
