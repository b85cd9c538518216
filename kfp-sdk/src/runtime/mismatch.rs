//! Mismatches between JSON and types.

use std::fmt;

use serde_json::Value as Json;

/// The maximum number of characters of a value that a message quotes.
const MAX_QUOTED: usize = 60;

/// An error from decoding or encoding a parameter: the JSON does not match the type, or JSON cannot represent the
/// value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The path from the whole value to the wrong part, such as `.trials[3].rate`.
    path: String,
    message: String,
}

impl Mismatch {
    /// Returns a mismatch with the message `expected …, found …`.
    pub fn expected(expected: &str, found: &Json) -> Self {
        Self::new(format!("expected {expected}, found {}", quoted(found)))
    }

    /// Returns a mismatch with a message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    /// Adds the name of the field or key that contains the wrong part to the path.
    #[must_use]
    pub fn at_field(mut self, name: &str) -> Self {
        self.path.insert_str(0, &format!(".{name}"));
        self
    }

    /// Adds the index of the item that contains the wrong part to the path.
    #[must_use]
    pub fn at_index(mut self, idx: usize) -> Self {
        self.path.insert_str(0, &format!("[{idx}]"));
        self
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path.strip_prefix('.').unwrap_or(&self.path) {
            "" => f.write_str(&self.message),
            path => write!(f, "`{path}`: {}", self.message),
        }
    }
}

impl std::error::Error for Mismatch {}

/// Returns a value in backticks, shortened if it is long.
fn quoted(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn messages_start_with_the_path() {
        let inner = Mismatch::expected("a number", &json!("x"));
        assert_eq!(inner.to_string(), r#"expected a number, found `"x"`"#);
        let outer = inner.at_field("rate").at_index(3).at_field("trials");
        assert_eq!(outer.to_string(), r#"`trials[3].rate`: expected a number, found `"x"`"#);
    }

    #[test]
    fn long_values_are_truncated_between_characters() {
        let text = Mismatch::expected("a number", &json!("é".repeat(100))).to_string();
        assert!(text.ends_with("é…`"), "{text}");
    }
}
