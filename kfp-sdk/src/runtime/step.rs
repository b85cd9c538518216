//! A running step: its inputs and outputs.

use std::path::PathBuf;

use kfp_digest::Limit;
use kfp_wire::value::LARGEST;
use kfp_wire::{DIGEST_LIMIT_VARIABLE, Mask, value};
use serde_json::{Map, Value as Json, json};

use super::artifact::{ArtifactKind, is_metrics};
use super::error::{Error, Result};
use super::executor_input::ExecutorInput;
use super::mismatch::Mismatch;
use super::output::{Metadata, Output};
use super::param::Param;
use super::secret_values::Secrets;
use super::signature::StepSignature;
use super::write::{OutputFile, create_parent};

/// A running step. Its methods read the inputs and set the outputs.
pub struct Step<'a> {
    signature: &'a StepSignature,
    input: &'a ExecutorInput,
    secrets: Secrets<'a>,
    artifacts: Vec<Artifact>,
    values: Map<String, Json>,
}

/// An output artifact that was passed to the step's function.
struct Artifact {
    name: String,
    /// The title of its schema.
    schema: &'static str,
    path: PathBuf,
    metadata: Metadata,
}

impl Artifact {
    /// Writes an empty file.
    fn write_empty(&self) -> Result<()> {
        let name = &self.name;
        std::fs::write(&self.path, "")
            .map_err(|error| Error::unknown(format!("cannot write output `{name}`: {error}")))
    }
}

impl<'a> Step<'a> {
    pub(super) fn new(signature: &'a StepSignature, input: &'a ExecutorInput, secrets: Secrets<'a>) -> Self {
        Self { signature, input, secrets, artifacts: Vec::new(), values: Map::new() }
    }

    /// Returns an output artifact for the step's function to write.
    ///
    /// # Errors
    /// The executor input has no path for it.
    pub fn output<T: ArtifactKind>(&mut self, name: &str) -> Result<Output<T>> {
        let path = self.input.output_path(name)?;
        create_parent(&path)?;
        let entry = self.input.output_artifact(name)?;
        let uri = entry.get("uri").and_then(Json::as_str).unwrap_or_default().to_owned();
        let metadata = Metadata::default();
        self.artifacts.push(Artifact {
            name: name.to_owned(),
            schema: T::SCHEMA,
            path: path.clone(),
            metadata: metadata.clone(),
        });
        Ok(Output::new(path, uri, metadata))
    }

    /// Sets the outputs that the step's function returned.
    ///
    /// # Errors
    /// A value cannot be represented in JSON.
    pub fn set_outputs(&mut self, values: Result<Vec<(&'static str, Json)>, Mismatch>) -> Result<()> {
        let values = values.map_err(|mismatch| self.unwritable(&mismatch.to_string()))?;
        self.values.extend(values.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Ok(())
    }

    /// Sets a named output to the single value that the step's function returned.
    ///
    /// # Errors
    /// The value cannot be represented in JSON.
    pub fn returned_as<T: Param>(&mut self, name: &str, value: &T) -> Result<()> {
        let value =
            value.encode().map_err(|mismatch| self.unwritable(&mismatch.at_field(name).to_string()))?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// Returns the name of the component.
    pub(super) fn name(&self) -> &str {
        &self.signature.name
    }

    /// Returns the value of a secret input, if it has one.
    pub(super) fn secret(&self, name: &str) -> Result<Option<String>> {
        self.secrets.read(self.name(), name)
    }

    /// Writes an empty file for each required output artifact that the function has not written.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn write_missing_artifacts(&self) -> Result<()> {
        let is_missing = |artifact: &&Artifact| !artifact.path.exists() && !self.is_optional(&artifact.name);
        self.artifacts.iter().filter(is_missing).try_for_each(Artifact::write_empty)
    }

    /// Writes an empty file for each output of metrics that has metadata but no file: every artifact has a file, so that
    /// back ends can store it and other steps can read it.
    fn write_metrics_without_file(&self) -> Result<()> {
        let needs_file = |artifact: &&Artifact| {
            let is_written = artifact.path.symlink_metadata().is_ok();
            is_metrics(artifact.schema) && !artifact.metadata.is_empty() && !is_written
        };
        self.artifacts.iter().filter(needs_file).try_for_each(Artifact::write_empty)
    }

    pub(super) fn executor_input(&self) -> &ExecutorInput {
        self.input
    }

    /// Returns the default of an input, if it has one.
    pub(super) fn default_of(&self, name: &str) -> Option<&Json> {
        self.signature.defaults.get(name)
    }

    /// Returns the files with the outputs of the step, in the order of their declaration.
    pub(super) fn output_files(&self) -> Result<Vec<OutputFile>> {
        self.write_metrics_without_file()?;
        let mut files = Vec::new();
        let mut artifacts = Map::new();
        let mask = self.secrets.mask();
        for (name, _) in &self.signature.outputs {
            let value = match self.artifacts.iter().find(|artifact| artifact.name == *name) {
                Some(artifact) => {
                    let value = self.artifact_value(artifact)?;
                    let metadata = value.as_ref().and_then(|value| value.get("metadata"));
                    self.reject_secrets(&mask, &format!("metadata of output `{name}`"), metadata)?;
                    artifacts.insert(name.clone(), json!({"artifacts": value.iter().collect::<Vec<_>>()}));
                    value.unwrap_or(Json::Null)
                }
                None => {
                    let value = self.parameter_value(name)?;
                    self.reject_secrets(&mask, &format!("output `{name}`"), Some(value))?;
                    value.clone()
                }
            };
            files.push(OutputFile { path: self.input.output_file(name)?, text: value::encode(&value) });
        }
        if let Some(path) = self.input.executor_output() {
            let all = json!({"parameterValues": self.values, "artifacts": artifacts});
            files.push(OutputFile { path, text: value::encode(&all) });
        }
        Ok(files)
    }

    /// Returns an error if a value contains a secret. The error does not contain the value.
    fn reject_secrets(&self, mask: &Mask, what: &str, value: Option<&Json>) -> Result<()> {
        let Some(variable) = value.and_then(|value| mask.find_in(value)) else { return Ok(()) };
        Err(Error::data(format!(
            "{what} of `{}` contains the value of the secret in `{variable}`: values are stored and shown, so pass \
             the secret itself to the steps that need it",
            self.name()
        )))
    }

    fn parameter_value(&self, name: &str) -> Result<&Json> {
        let step = self.name();
        let value = self.values.get(name);
        let value = value.ok_or_else(|| Error::data(format!("`{step}` did not set output `{name}`")))?;
        let length = value::size(value);
        if length > LARGEST {
            return Err(Error::data(format!(
                "output `{name}` of `{step}` has {length} bytes, more than the {LARGEST} bytes allowed for a \
                 parameter: use an artifact"
            )));
        }
        Ok(value)
    }

    /// Whether the output is optional.
    fn is_optional(&self, output: &str) -> bool {
        self.signature.outputs.iter().any(|(name, is_optional)| name == output && *is_optional)
    }

    /// Returns the value of an artifact, or `None` if it is optional and was not written.
    fn artifact_value(&self, artifact: &Artifact) -> Result<Option<Json>> {
        let Artifact { name, schema, path, metadata } = artifact;
        // A dangling link counts as not written.
        if !path.exists() && self.is_optional(name) {
            return Ok(None);
        }
        if !path.exists() {
            let step = self.name();
            let or_log = is_metrics(schema) && metadata.is_empty();
            let or_log = if or_log { " or log metrics to it" } else { "" };
            return Err(Error::data(format!(
                "`{step}` did not write output `{name}` to `{}`{or_log}",
                path.display()
            )));
        }
        let mut value = self.input.output_artifact(name)?.clone();
        let mut all = match value.remove("metadata") {
            Some(Json::Object(entries)) => entries,
            _ => Map::new(),
        };
        let entries = metadata.entries().map_err(|mismatch| {
            let step = self.name();
            Error::data(format!("invalid metadata of output `{name}` of `{step}`: {mismatch}"))
        })?;
        all.extend(entries);
        value.insert("metadata".to_owned(), Json::Object(all));
        let mut value = Json::Object(value);
        // An artifact that exceeds the limit or cannot be read completely is still valid, but has no digest.
        let limit = Limit::of_variable(std::env::var(DIGEST_LIMIT_VARIABLE).ok().as_deref());
        if let Ok(Some(content)) = kfp_digest::of_path_within(path, limit) {
            value["digest"] = Json::String(kfp_digest::of_artifact(&value, &content));
        }
        Ok(Some(value))
    }

    fn unwritable(&self, reason: &str) -> Error {
        Error::data(format!("invalid output of `{}`: {reason}", self.name()))
    }
}
