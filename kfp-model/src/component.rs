//! Components: an interface and its implementation.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::{Policy, Type};

/// A step that pipelines can call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// The name, in kebab case: `train-model`.
    pub name: String,
    /// The author's description of the component.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The input parameters and artifacts, in the order of their declaration.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub inputs: IndexMap<String, Input>,
    /// The output parameters and artifacts, in the order of their declaration.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub outputs: IndexMap<String, Output>,
    /// The code that is executed.
    pub implementation: Implementation,
    /// The policy of the tasks that call it, unless they override it.
    #[serde(default, skip_serializing_if = "Policy::is_empty")]
    pub policy: Policy,
}

/// A parameter of a component or pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// The type of the values that it accepts.
    pub r#type: Type,
    /// The author's description of the input.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The default value. Without one, the input is required, unless its type is an option.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<serde_json::Value>,
}

/// An output of a component, pipeline or approval.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Output {
    /// The type of the value.
    pub r#type: Type,
    /// The author's description of the output.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// The code that a component executes.
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
    /// A plain container, which reads and writes the files of its placeholders itself.
    Container(ContainerStep),
}

/// A Rust function, run by `BINARY component NAME --executor_input JSON`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RustStep {
    /// The image that contains the binary; by default, the image that is set when compiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// A Python function, run by the executor shim.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PythonStep {
    /// The image; by default, the Python image that is set when compiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The path of the source file as the author wrote it; only used in messages.
    pub file: String,
    /// The source code.
    pub source: String,
    /// The function that is called.
    pub function: String,
    /// The Python modules that the source can import: their source code, by their path relative to the folder of the
    /// source file, such as `helpers.py` or `lib/tables.py`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, String>,
    /// The packages that pip installs, as requirement specifiers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// The package index; by default, the one that pip is configured with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pip_index: Option<String>,
}

/// A Jupyter notebook in Python, run by the executor shim.
///
/// It runs in the same way as with papermill: the inputs are set in a new cell after the cell with the tag
/// `parameters`, which contains the defaults. Artifacts are objects, as in Python functions. The outputs are the
/// variables with the same names at the end of the notebook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NotebookStep {
    /// The image; by default, the Python image that is set when compiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// The path of the notebook as the author wrote it; only used in messages.
    pub file: String,
    /// The notebook as JSON, in notebook format 4.
    pub source: String,
    /// The Python modules that its cells can import: their source code, by their path relative to the folder of the
    /// notebook, such as `helpers.py` or `lib/tables.py`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, String>,
    /// The packages that pip installs, as requirement specifiers, in addition to those that run notebooks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packages: Vec<String>,
    /// The package index; by default, the one that pip is configured with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pip_index: Option<String>,
}

/// A command in a container image. Command and arguments may contain the placeholders `{inputs.name}`,
/// `{inputs.name.path}` and `{outputs.name.path}`.
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
    /// Whether a call must set the input.
    pub fn is_required(&self) -> bool {
        self.default.is_none() && !self.r#type.is_option()
    }
}
