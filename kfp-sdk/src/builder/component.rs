//! The description of a component, which `#[component]` generates.

use std::collections::BTreeMap;
use std::panic::Location;

use indexmap::IndexMap;
use kfp_model::{
    Component, ContainerStep, Implementation, Input, NotebookStep, Output, Place, PythonStep, RustStep,
};
use serde_json::Value as Json;

use super::handles::{Handles, Outputs};
use super::mistake::Mistake;
use super::policy::Policy;
use crate::handle::{Expr, IntoInput};
use crate::notes::Node;
use crate::runtime::{ArtifactKind, StepSignature};
use crate::value::{ReturnValue, Value};

/// A component, and the mistakes in its description.
pub struct Described {
    /// The component.
    pub component: Component,
    pub(super) policy: Policy,
    pub(super) mistakes: Vec<(Place, Mistake)>,
    pub(super) locations: PartLocations,
}

/// The locations of the arguments of `#[component]`, by the key of the implementation that they set.
type PartLocations = Vec<(&'static str, &'static Location<'static>)>;

/// Builds the description of a component.
pub struct ComponentBuilder {
    name: &'static str,
    description: &'static str,
    inputs: Inputs,
    outputs: IndexMap<String, Output>,
    policy: Policy,
    locations: PartLocations,
}

/// The inputs of a component or pipeline, and the mistakes in their defaults.
#[derive(Default)]
pub(super) struct Inputs {
    pub(super) inputs: IndexMap<String, Input>,
    /// The mistakes, each with its place in the component or pipeline.
    pub(super) mistakes: Vec<(Place, Mistake)>,
}

impl Inputs {
    pub(super) fn add<T: Value>(&mut self, name: &str, description: &str, default: Option<Expr>) {
        let default = match default.map(|Expr(node)| node) {
            Some(Node::Constant(json)) => Ok(Some(json)),
            Some(Node::Unwritable(reason)) => {
                Err(Mistake::new(format!("invalid default of `{name}`: {reason}")))
            }
            Some(_) => Err(Mistake::new(format!("the default of `{name}` is not a constant"))
                .help("use a constant, or set the value where the component or pipeline is called")),
            None => Ok(None),
        };
        let default = default.unwrap_or_else(|mistake| {
            let place = Place::root().key("inputs").key(name).key("default");
            self.mistakes.push((place, mistake));
            None
        });
        let input = Input { r#type: T::value_type(), description: description.to_owned(), default };
        self.inputs.insert(name.to_owned(), input);
    }
}

impl Described {
    /// Returns the part of the description that the runtime needs.
    pub(crate) fn signature(&self) -> StepSignature {
        let Component { name, inputs, outputs, .. } = &self.component;
        let default = |(name, input): (&String, &Input)| Some((name.clone(), input.default.clone()?));
        StepSignature {
            name: name.clone(),
            defaults: inputs.iter().filter_map(default).collect(),
            outputs: outputs.iter().map(|(name, output)| (name.clone(), output.r#type.is_option())).collect(),
        }
    }
}

impl ComponentBuilder {
    /// Starts a component without inputs and outputs.
    pub fn new(name: &'static str, description: &'static str) -> Self {
        Self {
            name,
            description,
            inputs: Inputs::default(),
            outputs: IndexMap::new(),
            policy: Policy::new(),
            locations: Vec::new(),
        }
    }

    /// Adds a required input.
    #[must_use]
    pub fn input<T: Value>(mut self, name: &str, description: &str) -> Self {
        self.inputs.add::<T>(name, description, None);
        self
    }

    /// Adds an input with a default.
    #[must_use]
    pub fn input_or<T: Value>(mut self, name: &str, description: &str, default: impl IntoInput<T>) -> Self {
        self.inputs.add::<T>(name, description, Some(default.into_input()));
        self
    }

    /// Adds an output artifact.
    #[must_use]
    pub fn artifact<T: ArtifactKind + Value>(self, name: &str, description: &str) -> Self {
        self.output(name, T::value_type(), description)
    }

    /// Adds an optional output artifact.
    #[must_use]
    pub fn optional_artifact<T: ArtifactKind + Value>(self, name: &str, description: &str) -> Self {
        self.output(name, T::value_type().option(), description)
    }

    /// Adds the outputs that the function returns.
    #[must_use]
    pub fn returns<T: Outputs>(mut self) -> Self {
        for (name, (r#type, description)) in T::Handles::NAMES.iter().zip(T::Handles::types()) {
            self = self.output(name, r#type, description);
        }
        self
    }

    /// Adds the single value that the function returns, as a named output.
    #[must_use]
    pub fn returns_as<T: ReturnValue>(self, name: &str) -> Self {
        self.output(name, T::value_type(), "")
    }

    /// Sets the policy.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the location of a part of the implementation, such as `file`.
    #[must_use]
    pub fn located(mut self, part: &'static str, location: &'static Location<'static>) -> Self {
        self.locations.push((part, location));
        self
    }

    /// Completes a component that is a Rust function.
    pub fn rust(self, image: Option<&str>) -> Described {
        self.implemented(Implementation::Rust(RustStep { image: image.map(ToOwned::to_owned) }))
    }

    /// Completes a component that is a Python function.
    pub fn python(
        self,
        image: Option<&str>,
        [file, source, function]: [&str; 3],
        modules: &[(&str, &str)],
        packages: &[&str],
        pip_index: Option<&str>,
    ) -> Described {
        self.implemented(Implementation::Python(PythonStep {
            image: image.map(ToOwned::to_owned),
            file: file.to_owned(),
            source: source.to_owned(),
            function: function.to_owned(),
            modules: by_path(modules),
            packages: owned(packages),
            pip_index: pip_index.map(ToOwned::to_owned),
        }))
    }

    /// Completes a component that is a notebook. The outputs of its cells are removed.
    pub fn notebook(
        self,
        image: Option<&str>,
        [file, source]: [&str; 2],
        modules: &[(&str, &str)],
        packages: &[&str],
        pip_index: Option<&str>,
    ) -> Described {
        self.implemented(Implementation::Notebook(NotebookStep {
            image: image.map(ToOwned::to_owned),
            file: file.to_owned(),
            source: without_outputs(source),
            modules: by_path(modules),
            packages: owned(packages),
            pip_index: pip_index.map(ToOwned::to_owned),
        }))
    }

    /// Completes a component that runs a command in an image.
    pub fn container(self, image: &str, command: &[&str], args: &[&str]) -> Described {
        let image = image.to_owned();
        self.implemented(Implementation::Container(ContainerStep {
            image,
            command: owned(command),
            args: owned(args),
        }))
    }

    fn output(mut self, name: &str, r#type: kfp_model::Type, description: &str) -> Self {
        self.outputs.insert(name.to_owned(), Output { r#type, description: description.to_owned() });
        self
    }

    fn implemented(self, implementation: Implementation) -> Described {
        let component = Component {
            name: self.name.to_owned(),
            description: self.description.to_owned(),
            inputs: self.inputs.inputs,
            outputs: self.outputs,
            implementation,
            policy: self.policy.model.clone(),
        };
        let (mistakes, locations) = (self.inputs.mistakes, self.locations);
        Described { component, policy: self.policy, mistakes, locations }
    }
}

/// Returns the notebook without the outputs of its cells. Invalid notebooks are returned unchanged: the compiler
/// reports them.
fn without_outputs(source: &str) -> String {
    let Ok(mut notebook) = serde_json::from_str::<Json>(source) else { return source.to_owned() };
    let cells = notebook.get_mut("cells").and_then(Json::as_array_mut);
    for cell in cells.into_iter().flatten().filter_map(Json::as_object_mut) {
        if cell.contains_key("outputs") {
            cell.insert("outputs".to_owned(), Json::Array(Vec::new()));
            cell.insert("execution_count".to_owned(), Json::Null);
        }
        cell.remove("attachments");
    }
    notebook.to_string()
}

/// Returns the sources of modules by their paths.
fn by_path(modules: &[(&str, &str)]) -> BTreeMap<String, String> {
    modules.iter().map(|(path, source)| ((*path).to_owned(), (*source).to_owned())).collect()
}

fn owned(strings: &[&str]) -> Vec<String> {
    strings.iter().map(|string| (*string).to_owned()).collect()
}
