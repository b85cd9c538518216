//! Reads files with the parameters of a run, in JSON or YAML.

use std::collections::BTreeMap;

use kfp_diag::source::{Fault, Node, duplicates, tree};
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
/// The text is not valid JSON or YAML, is not a mapping from names to values, or has a duplicate key.
pub fn parameters(text: &str) -> Result<BTreeMap<String, Value>, ParametersError> {
    let tree = tree(text).map_err(|fault| described(&fault, text))?;
    if let Some(fault) = duplicates(&tree, text).first() {
        return Err(described(fault, text));
    }
    match &tree.node {
        Node::Map(entries) => {
            Ok(entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect())
        }
        _ => Err(ParametersError(format!("expected a mapping from names to values, found {}", tree.kind()))),
    }
}

fn described(fault: &Fault, text: &str) -> ParametersError {
    let (diagnostic, span) = fault.located();
    let line = text.bytes().take(span.start).filter(|byte| *byte == b'\n').count() + 1;
    ParametersError(format!("line {line}: {}", diagnostic.message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_keep_their_type() {
        let text = "rate: 0.1\ncount: 3\nquick: true\nname: \"3\"\nnote: yes\nnone:\nkinds: [svm, knn]\nfit: {a: 1}\n";
        let expected = serde_json::json!({
            "rate": 0.1, "count": 3, "quick": true, "name": "3", "note": "yes", "none": null,
            "kinds": ["svm", "knn"], "fit": {"a": 1},
        });
        assert_eq!(serde_json::to_value(parameters(text).unwrap()).unwrap(), expected);
    }

    #[test]
    fn errors_name_the_line() {
        for (text, expected) in [
            ("a: 1\nb: [", "line 2: invalid YAML"),
            ("a: 1\na: 2\n", "line 2: duplicate key `a`"),
            ("{\"a\": 1,\n}", "line 2: invalid JSON"),
            ("- a\n", "expected a mapping from names to values, found a list"),
            ("", "line 1: the document is empty"),
        ] {
            let error = parameters(text).unwrap_err().to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
