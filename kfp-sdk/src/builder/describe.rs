//! The description of a pipeline, which `#[pipeline]` generates.

use indexmap::IndexMap;
use kfp_model::{Output, Place, Settings};

use super::component::Inputs;
use super::handles::{Handles, Returns};
use super::mistake::{Mistake, duration};
use super::policy::{IntoCache, Policy};
use crate::handle::IntoInput;
use crate::value::Value;

/// A pipeline without its tasks, and the mistakes in its description.
pub struct Interface {
    pub(crate) version: Option<String>,
    pub(crate) description: String,
    pub(crate) inputs: IndexMap<String, kfp_model::Input>,
    pub(crate) outputs: IndexMap<String, Output>,
    pub(crate) settings: Settings,
    /// The mistakes, each with its place in the pipeline.
    pub(super) mistakes: Vec<(Place, Mistake)>,
}

/// Builds the description of a pipeline.
pub struct PipelineBuilder {
    version: Option<String>,
    description: &'static str,
    inputs: Inputs,
    outputs: IndexMap<String, Output>,
    settings: Settings,
}

impl PipelineBuilder {
    /// Starts a pipeline without parameters.
    pub fn new(description: &'static str) -> Self {
        Self {
            version: None,
            description,
            inputs: Inputs::default(),
            outputs: IndexMap::new(),
            settings: Settings::default(),
        }
    }

    /// Sets the author's version of the pipeline.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        self.version = Some(version.to_owned());
        self
    }

    /// Adds a required parameter.
    #[must_use]
    pub fn input<T: Value>(mut self, name: &str, description: &str) -> Self {
        self.inputs.add::<T>(name, description, None);
        self
    }

    /// Adds a parameter with a default.
    #[must_use]
    pub fn input_or<T: Value>(mut self, name: &str, description: &str, default: impl IntoInput<T>) -> Self {
        self.inputs.add::<T>(name, description, Some(default.into_input()));
        self
    }

    /// Adds the outputs that the pipeline returns.
    #[must_use]
    pub fn returns<T: Returns>(mut self) -> Self {
        for (name, (r#type, description)) in T::Handles::NAMES.iter().zip(T::Handles::types()) {
            let output = Output { r#type, description: description.to_owned() };
            self.outputs.insert((*name).to_owned(), output);
        }
        self
    }

    /// Adds the single value that the pipeline returns, as a named output.
    #[must_use]
    pub fn returns_as<T: Value>(mut self, name: &str) -> Self {
        let output = Output { r#type: T::value_type(), description: String::new() };
        self.outputs.insert(name.to_owned(), output);
        self
    }

    /// Sets the default cache setting of steps.
    #[must_use]
    pub fn cache(mut self, cache: impl IntoCache) -> Self {
        let policy = Policy::new().cache(cache);
        let mistakes = policy.notes().iter().filter_map(|note| note.mistake.clone());
        let place = Place::root().key("settings").key("cache");
        self.inputs
            .mistakes
            .extend(mistakes.map(|mistake| (place.clone(), mistake.of("`cache` of the pipeline"))));
        self.settings.cache = policy.model.cache;
        self
    }

    /// Sets the maximum duration of a run.
    #[must_use]
    pub fn timeout(mut self, limit: &str) -> Self {
        match duration(limit) {
            Ok(duration) => self.settings.timeout = Some(duration),
            Err(mistake) => {
                let place = Place::root().key("settings").key("timeout");
                self.inputs.mistakes.push((place, mistake.of("`timeout` of the pipeline")));
            }
        }
        self
    }

    /// Sets the maximum number of steps that run at once.
    #[must_use]
    pub fn parallelism(mut self, limit: u32) -> Self {
        self.settings.parallelism = Some(limit);
        self
    }

    /// Returns the description.
    pub fn finish(self) -> Interface {
        Interface {
            version: self.version,
            description: self.description.to_owned(),
            inputs: self.inputs.inputs,
            outputs: self.outputs,
            settings: self.settings,
            mistakes: self.inputs.mistakes,
        }
    }
}
