//! A step while it runs: the inputs it reads and the outputs it leaves.

use std::path::PathBuf;

use kfp_wire::value::LARGEST;
use kfp_wire::{Mask, value};
use serde_json::{Map, Value as Json, json};

use super::artifact::ArtifactKind;
use super::error::{Error, Result};
use super::executor_input::ExecutorInput;
use super::mismatch::Mismatch;
use super::output::{Metadata, Output};
use super::param::Param;
use super::secret_values::Secrets;
use super::signature::StepSignature;
use super::write::{OutputFile, create_parent};

/// A step that is running.
pub struct Step<'a> {
    signature: &'a StepSignature,
    input: &'a ExecutorInput,
    secrets: Secrets<'a>,
    artifacts: Vec<Artifact>,
    values: Map<String, Json>,
}

/// An output artifact that the step's function was given.
struct Artifact {
    name: String,
    path: PathBuf,
    metadata: Metadata,
}

impl<'a> Step<'a> {
    pub(super) fn new(signature: &'a StepSignature, input: &'a ExecutorInput, secrets: Secrets<'a>) -> Self {
        Self { signature, input, secrets, artifacts: Vec::new(), values: Map::new() }
    }

    /// An artifact for the step's function to write.
    ///
    /// # Errors
    /// The executor input has no place for it.
    pub fn output<T: ArtifactKind>(&mut self, name: &str) -> Result<Output<T>> {
        let path = self.input.output_path(name)?;
        create_parent(&path)?;
        let entry = self.input.output_artifact(name)?;
        let uri = entry.get("uri").and_then(Json::as_str).unwrap_or_default().to_owned();
        let metadata = Metadata::default();
        self.artifacts.push(Artifact {
            name: name.to_owned(),
            path: path.clone(),
            metadata: metadata.clone(),
        });
        Ok(Output::new(path, uri, metadata))
    }

    /// Takes what the step's function returned, by name.
    ///
    /// # Errors
    /// A value cannot be written as JSON.
    pub fn take(&mut self, values: Result<Vec<(&'static str, Json)>, Mismatch>) -> Result<()> {
        let values = values.map_err(|mismatch| self.unwritable(&mismatch.to_string()))?;
        self.values.extend(values.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Ok(())
    }

    /// Takes the one value that the step's function returned, under a name.
    ///
    /// # Errors
    /// The value cannot be written as JSON.
    pub fn returned_as<T: Param>(&mut self, name: &str, value: &T) -> Result<()> {
        let value =
            value.encode().map_err(|mismatch| self.unwritable(&mismatch.at_field(name).to_string()))?;
        self.values.insert(name.to_owned(), value);
        Ok(())
    }

    /// The name of the component.
    pub(super) fn name(&self) -> &str {
        &self.signature.name
    }

    /// The value of a secret input, if there is one.
    pub(super) fn secret(&self, name: &str) -> Result<Option<String>> {
        self.secrets.read(self.name(), name)
    }

    /// Writes an empty file for each artifact that was written nothing for and that has to be there.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn fill_gaps(&self) -> Result<()> {
        let is_missing = |artifact: &&Artifact| !artifact.path.exists() && !self.is_optional(&artifact.name);
        for Artifact { name, path, .. } in self.artifacts.iter().filter(is_missing) {
            std::fs::write(path, "")
                .map_err(|error| Error::unknown(format!("output `{name}` cannot be written: {error}")))?;
        }
        Ok(())
    }

    pub(super) fn executor_input(&self) -> &ExecutorInput {
        self.input
    }

    /// The default of an input.
    pub(super) fn default_of(&self, name: &str) -> Option<&Json> {
        self.signature.defaults.get(name)
    }

    /// The files that tell what the step gave, in the order of the declaration of the outputs.
    pub(super) fn output_files(&self) -> Result<Vec<OutputFile>> {
        let mut files = Vec::new();
        let mut artifacts = Map::new();
        let mask = self.secrets.mask();
        for (name, _) in &self.signature.outputs {
            let value = match self.artifacts.iter().find(|artifact| artifact.name == *name) {
                Some(artifact) => {
                    let value = self.artifact_value(artifact)?;
                    let metadata = value.as_ref().and_then(|value| value.get("metadata"));
                    self.refuse_secrets(&mask, &format!("metadata of output `{name}`"), metadata)?;
                    artifacts.insert(name.clone(), json!({"artifacts": value.iter().collect::<Vec<_>>()}));
                    value.unwrap_or(Json::Null)
                }
                None => {
                    let value = self.parameter_value(name)?;
                    self.refuse_secrets(&mask, &format!("output `{name}`"), Some(value))?;
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

    /// Refuses a value that contains a secret, without showing it.
    fn refuse_secrets(&self, mask: &Mask, what: &str, value: Option<&Json>) -> Result<()> {
        let Some(variable) = value.and_then(|value| mask.find_in(value)) else { return Ok(()) };
        Err(Error::data(format!(
            "{what} of `{}` contains the value of the secret in `{variable}`: values are stored and shown, so pass the \
             secret itself to the steps that need it",
            self.name()
        )))
    }

    fn parameter_value(&self, name: &str) -> Result<&Json> {
        let step = self.name();
        let value = self.values.get(name);
        let value = value.ok_or_else(|| Error::data(format!("`{step}` has not written output `{name}`")))?;
        let length = value::size(value);
        if length > LARGEST {
            return Err(Error::data(format!(
                "output `{name}` of `{step}` is {length} bytes long, of which a parameter has at most \
                 {LARGEST}: use an artifact"
            )));
        }
        Ok(value)
    }

    /// Whether the output may be left out.
    fn is_optional(&self, output: &str) -> bool {
        self.signature.outputs.iter().any(|(name, is_optional)| name == output && *is_optional)
    }

    /// The value of an artifact; none of one that is optional and was not written.
    fn artifact_value(&self, artifact: &Artifact) -> Result<Option<Json>> {
        let Artifact { name, path, metadata } = artifact;
        // A link that leads nowhere is nothing that could be kept.
        if !path.exists() && self.is_optional(name) {
            return Ok(None);
        }
        if !path.exists() {
            let step = self.name();
            return Err(Error::data(format!(
                "`{step}` has written nothing to the path of output `{name}`: `{}`",
                path.display()
            )));
        }
        let mut value = self.input.output_artifact(name)?.clone();
        let mut told = match value.remove("metadata") {
            Some(Json::Object(entries)) => entries,
            _ => Map::new(),
        };
        let entries = metadata.entries().map_err(|mismatch| {
            let step = self.name();
            Error::data(format!("the metadata of output `{name}` of `{step}` cannot be written: {mismatch}"))
        })?;
        told.extend(entries);
        value.insert("metadata".to_owned(), Json::Object(told));
        let mut value = Json::Object(value);
        // An artifact that cannot be read to its end is still an artifact, though nobody can tell what is in it.
        if let Ok(content) = kfp_digest::of_path(path) {
            value["digest"] = Json::String(kfp_digest::of_artifact(&value, &content));
        }
        Ok(Some(value))
    }

    fn unwritable(&self, reason: &str) -> Error {
        Error::data(format!("an output of `{}` cannot be written: {reason}", self.name()))
    }
}
