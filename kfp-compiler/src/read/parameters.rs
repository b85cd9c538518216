//! Reads files with the parameters of a run, in JSON or YAML.

use std::collections::BTreeMap;

use serde_json::Value;

/// The error for an invalid parameter file.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct ParametersError(String);

/// Reads parameters by name from JSON or YAML.
///
/// ```
/// use kfp_compiler::read::parameters;
/// assert_eq!(parameters("rate: 0.1\nname: x\n")?["rate"], 0.1);
/// assert_eq!(parameters(r#"{"rate": 0.1}"#)?["rate"], 0.1);
/// # Ok::<(), kfp_compiler::read::ParametersError>(())
/// ```
///
/// # Errors
/// The text is not valid JSON or YAML, or is not a mapping from names to values.
pub fn parameters(text: &str) -> Result<BTreeMap<String, Value>, ParametersError> {
    if let Ok(parameters) = serde_json::from_str(text) {
        return Ok(parameters);
    }
    serde_saphyr::from_str(text).map_err(|error| ParametersError(error.to_string()))
}
