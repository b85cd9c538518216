//! The description of a step for the runtime.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The name, defaults and outputs of a step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepSignature {
    /// The name of the component.
    pub name: String,
    /// The defaults of its inputs, by name.
    pub defaults: BTreeMap<String, Json>,
    /// The names of its outputs in the order of their declaration, and whether each is optional.
    pub outputs: Vec<(String, bool)>,
}
