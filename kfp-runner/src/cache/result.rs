//! The files of one result: on their way into the cache, and out of it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use kfp_model::{Component, Type};
use serde_json::{Value, json};

use super::{Loss, Objects};
use crate::artifact;
use crate::files;
use crate::step::{Binary, Layout};

/// A step that has succeeded, and whose result is to be kept.
pub(crate) struct Finished {
    pub(crate) store: PathBuf,
    pub(crate) component: Component,
    pub(crate) inputs: BTreeMap<String, Value>,
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The program of a Rust step.
    pub(crate) binary: Option<Binary>,
}

/// What became of the files of a result.
#[derive(Debug)]
pub(crate) struct Filed {
    /// The outputs, whose artifacts have their digests.
    pub(crate) outputs: BTreeMap<String, Value>,
    /// The digests of the files by output, or why the result is not kept.
    pub(crate) files: Result<BTreeMap<String, String>, String>,
}

impl Finished {
    /// Puts the files of the result into the cache.
    pub(crate) fn file(mut self, objects: &Objects) -> Filed {
        let files = match self.change() {
            Some(change) => Err(change),
            None => self.insert(objects),
        };
        Filed { outputs: self.outputs, files }
    }

    /// What of the key is no longer so. The result may be that of what was there before or after.
    fn change(&self) -> Option<String> {
        if self.binary.as_ref().is_some_and(|binary| !binary.is_unchanged()) {
            return Some("the program was overwritten meanwhile".to_owned());
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
                return Some(format!("the files of its input `{name}` changed meanwhile"));
            }
        }
        None
    }

    fn insert(&mut self, objects: &Objects) -> Result<BTreeMap<String, String>, String> {
        let mut files = BTreeMap::new();
        for (name, output) in &self.component.outputs {
            let (Type::Artifact(_), Some(value)) = (output.r#type.present(), self.outputs.get_mut(name))
            else {
                continue;
            };
            let Some(path) = artifact::path_of(&self.store, value) else { continue };
            let content = objects.insert(&path).map_err(|error| error.to_string())?;
            value["digest"] = json!(kfp_digest::of_artifact(value, &content));
            files.insert(name.clone(), content);
        }
        Ok(files)
    }
}

/// Puts the files of a cached result where those of a step would be, and returns the outputs.
pub(crate) fn restore(
    objects: &Objects,
    mut outputs: BTreeMap<String, Value>,
    contents: &BTreeMap<String, String>,
    layout: &Layout,
) -> Result<BTreeMap<String, Value>, Loss> {
    // An earlier part of the run may have been interrupted here.
    files::remove(&layout.folder()).map_err(Loss::Unusable)?;
    for (name, content) in contents {
        let Some(value) = outputs.get_mut(name).filter(|value| value.is_object()) else {
            return Err(Loss::Damaged);
        };
        objects.restore(content, &layout.artifact(name))?;
        artifact::place(value, &layout.artifact_key(name), &layout.artifact(name));
    }
    Ok(outputs)
}
