//! Translates Python names to Rust names.

use crate::keywords::{KEYWORDS, RESERVED};

/// The names in the preludes of the SDK and of Rust, which generated types cannot have.
pub(super) const TAKEN: [&str; 68] = [
    "Artifact",
    "AsMut",
    "AsRef",
    "BTreeMap",
    "Box",
    "ClassificationMetrics",
    "Clone",
    "Cond",
    "Copy",
    "Dataset",
    "Default",
    "DoubleEndedIterator",
    "Drop",
    "Eq",
    "Err",
    "Error",
    "ExactSizeIterator",
    "Extend",
    "Failure",
    "FailureClass",
    "FinalStatus",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "Grow",
    "Html",
    "In",
    "Input",
    "Into",
    "IntoIterator",
    "Iterator",
    "Markdown",
    "Metrics",
    "Model",
    "None",
    "Ok",
    "OnDemand",
    "Oom",
    "Option",
    "Ord",
    "Out",
    "Output",
    "Outputs",
    "Param",
    "PartialEq",
    "PartialOrd",
    "Pipeline",
    "Policy",
    "Result",
    "Retry",
    "Secret",
    "Send",
    "Sized",
    "Some",
    "SpotReclaimed",
    "State",
    "String",
    "Sync",
    "Task",
    "Tier",
    "Timeout",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Vec",
];

/// Returns the name as a Rust identifier.
///
/// # Errors
/// The name is not a valid identifier.
pub(super) fn identifier(name: &str) -> Result<String, String> {
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return Err(format!(
            "invalid name `{name}`: expected only the characters `a-z`, `A-Z`, `0-9` and `_`"
        ));
    }
    if RESERVED.contains(&name) {
        return Err(format!("invalid name `{name}`: it is reserved in Rust"));
    }
    Ok(if KEYWORDS.contains(&name) { format!("r#{name}") } else { name.to_owned() })
}

/// Converts `trainModel` and `TrainModel` to `train_model`.
pub(super) fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut before_is_small = false;
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && before_is_small {
            snake.push('_');
        }
        before_is_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// Converts `train_model` and `fast-mode` to `TrainModel` and `FastMode`.
pub(super) fn camel_case(name: &str) -> String {
    let mut camel = String::new();
    for word in name.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_converted() {
        for (name, snake, camel) in [
            ("train_model", "train_model", "TrainModel"),
            ("trainModel", "train_model", "TrainModel"),
            ("step2Fit", "step2_fit", "Step2Fit"),
            ("fast-mode", "fast-mode", "FastMode"),
        ] {
            assert_eq!((snake_case(name).as_str(), camel_case(name).as_str()), (snake, camel));
        }
        assert_eq!(identifier("type").unwrap(), "r#type");
        assert_eq!(identifier("rows").unwrap(), "rows");
        assert!(identifier("self").unwrap_err().contains("reserved"));
        assert!(identifier("größe").unwrap_err().contains("expected only the characters"));
    }
}
