//! A component: an interface and what implements it.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Policy, Type};

/// One step that pipelines can call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The name, in kebab case: `train-model`.
    pub name: String,
    /// What the component does, in the words of its author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The parameters and artifacts that it takes, in the order of their declaration.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub inputs: IndexMap<String, Input>,
    /// The parameters and artifacts that it gives, in the order of their declaration.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, Output>,
    /// What is executed.
    pub implementation: Implementation,
    /// The policy of every task that calls it and does not say otherwise.
    #[serde(default, skip_serializing_if = "Policy::is_empty")]
    pub policy: Policy,
}

/// A parameter of a component or pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// What may be given to it.
    pub r#type: Type,
    /// What it means, in the words of the author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The value where none is given. Without one the input is required, unless its type is an option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
}

/// What a component or pipeline gives back under one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// What the value is.
    pub r#type: Type,
    /// What it means, in the words of the author.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// What a component executes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Implementation {
    /// A Rust function of the binary that wrote the document.
    Rust(RustStep),
    /// A Python function whose source is part of the document.
    Python(PythonStep),
    /// A Jupyter notebook that is part of the document.
    Notebook(NotebookStep),
    /// A container image that keeps the contract by itself.
    Container(ContainerStep),
}

/// A Rust function, run by `BINARY component NAME --executor_input JSON`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RustStep {
    /// The image that holds the binary; without one, the image that the compiler is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// A Python function, run by the executor shim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PythonStep {
    /// The image; without one, the Python image that the compiler is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The path of the source file as the author wrote it: for messages only.
    pub file: String,
    /// The source text.
    pub source: String,
    /// The function that is called.
    pub function: String,
    /// What pip has to have installed, as pip's requirement specifiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// The package index, where it is not pip's own choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pip_index: Option<String>,
}

/// A Jupyter notebook in Python, run by the executor shim.
///
/// It is run as papermill runs notebooks: what the component is given is set in a cell behind the one that has the
/// tag `parameters`, which holds the defaults. Artifacts are objects as in Python functions. What the component gives
/// back are the variables of the same names, as they are at the end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotebookStep {
    /// The image; without one, the Python image that the compiler is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The path of the notebook as the author wrote it: for messages only.
    pub file: String,
    /// The notebook, as a JSON text of format 4.
    pub source: String,
    /// What pip has to have installed, as pip's requirement specifiers, besides what runs notebooks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// The package index, where it is not pip's own choice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pip_index: Option<String>,
}

/// A command in an image. Placeholders in command and arguments are written `{inputs.name}`,
/// `{inputs.name.path}`, `{outputs.name.path}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ContainerStep {
    /// The image.
    pub image: String,
    /// The program and its first arguments.
    pub command: Vec<String>,
    /// Further arguments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<String>,
}

impl Input {
    /// Whether a call must give a value.
    pub fn is_required(&self) -> bool {
        self.default.is_none() && !self.r#type.is_option()
    }
}
