//! Storing the files of one result in the cache, and restoring them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use kfp_model::{Component, Type};
use serde_json::{Value, json};

use super::{Objects, RestoreError};
use crate::artifact;
use crate::files;
use crate::step::{Binary, Layout};

/// A step that has succeeded and whose result is to be cached.
pub(crate) struct FinishedStep {
    pub(crate) store: PathBuf,
    pub(crate) component: Component,
    pub(crate) inputs: BTreeMap<String, Value>,
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The program of a Rust step.
    pub(crate) binary: Option<Binary>,
}

/// The result of storing the files of a step.
#[derive(Debug)]
pub(crate) struct StoredFiles {
    /// The outputs, with the digests of their artifacts.
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The digests of the files by output, or why the result cannot be cached.
    pub(crate) files: Result<BTreeMap<String, String>, String>,
}

impl FinishedStep {
    /// Stores the files of the result in the cache, until `stop` is set.
    pub(crate) fn store_files(mut self, objects: &Objects, stop: &AtomicBool) -> StoredFiles {
        let files = match self.change() {
            Some(change) => Err(change),
            None => self.insert(objects, stop),
        };
        StoredFiles { outputs: self.outputs, files }
    }

    /// Returns which part of the key has changed, if any. The result may then belong to the old or the new key.
    fn change(&self) -> Option<String> {
        if self.binary.as_ref().is_some_and(|binary| !binary.is_unchanged()) {
            return Some("the program was overwritten while the step ran".to_owned());
        }
        for (name, input) in &self.component.inputs {
            let mut is_intact = true;
            if let (Some(_), Some(value)) = (input.r#type.artifact(), self.inputs.get(name)) {
                artifact::for_each(value, &mut |value| {
                    let current = || artifact::digest_of(&self.store, value);
                    is_intact &= artifact::known_digest(value)
                        .is_none_or(|digest| current() == Some(digest.to_owned()));
                });
            }
            if !is_intact {
                return Some(format!("the files of its input `{name}` changed while the step ran"));
            }
        }
        None
    }

    fn insert(&mut self, objects: &Objects, stop: &AtomicBool) -> Result<BTreeMap<String, String>, String> {
        let mut files = BTreeMap::new();
        for (name, output) in &self.component.outputs {
            let (Type::Artifact(_), Some(value)) = (output.r#type.present(), self.outputs.get_mut(name))
            else {
                continue;
            };
            let Some(path) = artifact::path_of(&self.store, value) else { continue };
            let content = objects.insert(&path, stop).map_err(|error| error.to_string())?;
            value["digest"] = json!(kfp_digest::of_artifact(value, &content));
            files.insert(name.clone(), content);
        }
        Ok(files)
    }
}

/// Restores the files of a cached result in the folder of the step, and returns the outputs.
pub(crate) fn restore(
    objects: &Objects,
    mut outputs: BTreeMap<String, Value>,
    contents: &BTreeMap<String, String>,
    layout: &Layout,
) -> Result<BTreeMap<String, Value>, RestoreError> {
    // An earlier part of the run may have been interrupted here.
    files::remove(&layout.folder()).map_err(RestoreError::Unusable)?;
    for (name, content) in contents {
        let Some(value) = outputs.get_mut(name).filter(|value| value.is_object()) else {
            return Err(RestoreError::Damaged);
        };
        objects.restore(content, &layout.artifact(name))?;
        artifact::set_location(value, &layout.artifact_key(name), &layout.artifact(name));
    }
    Ok(outputs)
}
