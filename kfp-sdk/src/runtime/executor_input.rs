//! The executor input: the inputs of a step, and the paths for its outputs.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use super::error::{Error, Result};

/// The executor input as JSON. Its parts are read when they are needed.
pub(crate) struct ExecutorInput(Json);

impl ExecutorInput {
    /// Parses the executor input.
    pub(crate) fn parse(text: &str) -> Result<Self> {
        let json: Json = serde_json::from_str(text)
            .map_err(|error| Error::permanent(format!("invalid JSON in the executor input: {error}")))?;
        if json.is_object() {
            Ok(Self(json))
        } else {
            Err(Error::permanent("invalid executor input: expected a JSON object"))
        }
    }

    /// Returns the value of an input parameter, or `null` if it has none.
    pub(super) fn parameter(&self, name: &str) -> &Json {
        self.at(&["inputs", "parameterValues", name]).unwrap_or(&Json::Null)
    }

    /// Returns the artifacts of an input.
    pub(super) fn artifacts(&self, name: &str) -> &[Json] {
        list(self.at(&["inputs", "artifacts", name, "artifacts"]))
    }

    /// Returns the path of an input artifact, or of the folder with a list of artifacts.
    pub(super) fn input_path(&self, name: &str) -> Result<PathBuf> {
        self.path(&["inputs", "paths", name]).ok_or_else(|| missing("inputs.paths", name))
    }

    /// Returns the path of the file for the value of an output.
    pub(super) fn output_file(&self, name: &str) -> Result<PathBuf> {
        self.path(&["outputs", "parameters", name, "outputFile"])
            .ok_or_else(|| missing("outputs.parameters", name))
    }

    /// Returns the path where the step must write an output artifact.
    pub(super) fn output_path(&self, name: &str) -> Result<PathBuf> {
        self.path(&["outputs", "paths", name]).ok_or_else(|| missing("outputs.paths", name))
    }

    /// Returns the value of an output artifact, to which the step adds metadata.
    pub(super) fn output_artifact(&self, name: &str) -> Result<&Map<String, Json>> {
        list(self.at(&["outputs", "artifacts", name, "artifacts"]))
            .first()
            .and_then(Json::as_object)
            .ok_or_else(|| missing("outputs.artifacts", name))
    }

    /// Returns the path of the file for all outputs of the step.
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
        "missing `{name}` in `{table}` of the executor input: check that the pipeline was compiled from this binary"
    ))
}
