//! What the runtime knows about a step besides its function.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// The name, defaults and outputs of a step.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct StepSignature {
    /// The name of the component.
    pub name: String,
    /// The defaults of its inputs, by name.
    pub defaults: BTreeMap<String, Json>,
    /// The names of its outputs in the order of their declaration, and whether each may be left out.
    pub outputs: Vec<(String, bool)>,
}
