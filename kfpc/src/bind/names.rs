//! Names: from Python's to Rust's.

/// The keywords of Rust that may be names after `r#`.
const KEYWORDS: [&str; 46] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
];
/// The names that Rust has for itself, and two more keywords that no name can be.
const RESERVED: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// The names that the prelude of the SDK and that of Rust have already.
pub(super) const TAKEN: [&str; 32] = [
    "Artifact",
    "BTreeMap",
    "Box",
    "ClassificationMetrics",
    "Cond",
    "Dataset",
    "Default",
    "Err",
    "Error",
    "Failure",
    "FailureClass",
    "FinalStatus",
    "Html",
    "In",
    "Input",
    "Markdown",
    "Metrics",
    "Model",
    "None",
    "Ok",
    "Option",
    "Out",
    "Output",
    "Outputs",
    "Param",
    "Pipeline",
    "Policy",
    "Result",
    "Retry",
    "Secret",
    "State",
    "String",
];

/// The name of a parameter or field in Rust, if it can be one.
///
/// # Errors
/// Why it cannot.
pub(super) fn identifier(name: &str) -> Result<String, String> {
    if !name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_') {
        return Err(format!("the name `{name}` has other characters than `a-z`, `A-Z`, `0-9` and `_`"));
    }
    if RESERVED.contains(&name) {
        return Err(format!("the name `{name}` is reserved in Rust: choose another one"));
    }
    Ok(if KEYWORDS.contains(&name) || name == "while" || name == "yield" {
        format!("r#{name}")
    } else {
        name.to_owned()
    })
}

/// `trainModel` and `TrainModel` as `train_model`.
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

/// `train_model` and `fast-mode` as `TrainModel` and `FastMode`.
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
    fn names_become_those_of_rust() {
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
        assert!(identifier("größe").unwrap_err().contains("other characters"));
    }
}
