//! Why JSON and a type do not fit together.

use std::fmt;

use serde_json::Value as Json;

/// Most characters of a value that a message quotes.
const QUOTED: usize = 60;

/// Why a JSON value is none of a type, or a value cannot be written as JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The way from the whole value to the wrong part, as `.trials[3].rate`.
    path: String,
    message: String,
}

impl Mismatch {
    /// Something else was expected than what is there.
    pub fn expected(expected: &str, found: &Json) -> Self {
        Self::new(format!("expected {expected}, found {}", shown(found)))
    }

    /// A mismatch with a message of its own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    /// The same, seen from the struct or map that the value is a member of.
    #[must_use]
    pub fn at_field(mut self, name: &str) -> Self {
        self.path.insert_str(0, &format!(".{name}"));
        self
    }

    /// The same, seen from the list that the value is an item of.
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

/// A value as messages quote it.
fn shown(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("`{}…`", &text[..end]),
        None => format!("`{text}`"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_way_to_the_wrong_part_is_told() {
        let inner = Mismatch::expected("a number", &json!("x"));
        assert_eq!(inner.to_string(), r#"expected a number, found `"x"`"#);
        let outer = inner.at_field("rate").at_index(3).at_field("trials");
        assert_eq!(outer.to_string(), r#"`trials[3].rate`: expected a number, found `"x"`"#);
    }

    #[test]
    fn long_values_are_cut_between_characters() {
        let text = Mismatch::expected("a number", &json!("é".repeat(100))).to_string();
        assert!(text.ends_with("é…`"), "{text}");
    }
}
