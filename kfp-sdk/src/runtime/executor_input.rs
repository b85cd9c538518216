//! The executor input: what a step is told of its inputs and of the places of its outputs.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use super::error::{Error, Result};

/// The executor input as it was given; its parts are looked up as they are needed.
pub(crate) struct ExecutorInput(Json);

impl ExecutorInput {
    /// Reads the JSON text.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| Error::permanent(format!("invalid JSON in the executor input: {error}")))?;
        if json.is_object() {
            Ok(Self(json))
        } else {
            Err(Error::permanent("invalid executor input: expected a JSON object"))
        }
    }

    /// The value of an input parameter; `null` where there is none.
    pub(super) fn parameter(&self, name: &str) -> &Json {
        self.at(&["inputs", "parameterValues", name]).unwrap_or(&Json::Null)
    }

    /// The artifacts of an input: one, several or none.
    pub(super) fn artifacts(&self, name: &str) -> &[Json] {
        list(self.at(&["inputs", "artifacts", name, "artifacts"]))
    }

    /// Where an input artifact lies, or the folder that shows several ones.
    pub(super) fn input_path(&self, name: &str) -> Result<PathBuf> {
        self.path(&["inputs", "paths", name]).ok_or_else(|| missing("inputs.paths", name))
    }

    /// The file that takes the value of an output.
    pub(super) fn output_file(&self, name: &str) -> Result<PathBuf> {
        self.path(&["outputs", "parameters", name, "outputFile"])
            .ok_or_else(|| missing("outputs.parameters", name))
    }

    /// Where an output artifact has to be written.
    pub(super) fn output_path(&self, name: &str) -> Result<PathBuf> {
        self.path(&["outputs", "paths", name]).ok_or_else(|| missing("outputs.paths", name))
    }

    /// The value of an output artifact, which the step adds metadata to.
    pub(super) fn output_artifact(&self, name: &str) -> Result<&Map<String, Json>> {
        list(self.at(&["outputs", "artifacts", name, "artifacts"]))
            .first()
            .and_then(Json::as_object)
            .ok_or_else(|| missing("outputs.artifacts", name))
    }

    /// The file that takes everything that the step gave.
    pub(super) fn executor_output(&self) -> Option<PathBuf> {
        self.path(&["outputs", "outputFile"])
    }

    fn path(&self, keys: &[&str]) -> Option<PathBuf> {
        let text = self.at(keys)?.as_str()?;
        (!text.is_empty()).then(|| Path::new(text).to_owned())
    }

    fn at(&self, keys: &[&str]) -> Option<&Json> {
        keys.iter().try_fold(&self.0, |json, key| json.get(key))
    }
}

fn list(json: Option<&Json>) -> &[Json] {
    json.and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn missing(table: &str, name: &str) -> Error {
    Error::permanent(format!(
        "the executor input has no `{name}` in `{table}`: was the pipeline compiled from this program?"
    ))
}
