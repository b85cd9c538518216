//! Masking: finds the values of secrets in what leaves a step, and replaces them with `***`.
//!
//! The main type is [`Mask`]. It finds a secret as it is, and in each form in which programs usually write it:
//!
//! - as hexadecimal digits, in upper or lower case;
//! - as base64, standard or URL-safe, also inside of a longer base64 text;
//! - with JSON escapes, or those of Rust and Python, also twice;
//! - percent-encoded, with `+` or `%20` for a space, also inside of JSON or around it;
//! - as one of the last three, wrapped into several lines.
//!
//! The lines of a secret with several lines are masked on their own if they have at least eight bytes. White space
//! around a secret is not part of it. A secret of fewer than four bytes would be found everywhere: it is masked as
//! a whole word only, and not in base64 or hexadecimal digits.
//!
//! Masking takes time linear in the length of the text. A stream may be cut anywhere. A mask does not see through
//! compression, encryption or an encoding that is not in this list.

mod decode;
mod patterns;
mod scan;
mod view;

use std::sync::Arc;

use serde_json::Value;

use patterns::Patterns;
pub use scan::MaskStream;

/// What secrets are replaced with.
pub(crate) const STARS: &[u8] = b"***";

/// Finds and replaces the values of secrets.
///
/// ```
/// use kfp_wire::Mask;
/// let mask = Mask::new([("slack/url", "hunter2!")]);
/// assert_eq!(mask.apply("curl -u admin:hunter2! --data hunter2%21"), "curl -u admin:*** --data ***");
/// assert_eq!(mask.find("YWRtaW46aHVudGVyMiE="), Some("slack/url"));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Mask {
    /// Not set if there is nothing to find.
    patterns: Option<Arc<Patterns>>,
}

impl Mask {
    /// A mask for these secrets, given by name and value.
    pub fn new<'s>(secrets: impl IntoIterator<Item = (&'s str, &'s str)>) -> Self {
        Self { patterns: Patterns::new(secrets).map(Arc::new) }
    }

    /// Whether the mask has no secrets to find.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_none()
    }

    /// The text with each secret in it replaced by `***`.
    pub fn apply(&self, text: &str) -> String {
        if self.is_empty() {
            return text.to_owned();
        }
        let mut masked = Vec::with_capacity(text.len());
        let mut stream = self.stream();
        stream.push(text.as_bytes(), &mut masked);
        stream.finish(&mut masked);
        String::from_utf8_lossy(&masked).into_owned()
    }

    /// The name of a secret that is in the text, if there is one.
    pub fn find(&self, text: &str) -> Option<&str> {
        self.find_bytes(text.as_bytes())
    }

    fn find_bytes(&self, bytes: &[u8]) -> Option<&str> {
        let patterns = self.patterns.as_deref()?;
        let mut stream = self.stream();
        stream.push(bytes, &mut Vec::new());
        stream.finish(&mut Vec::new());
        stream.found().map(|secret| patterns.name(secret))
    }

    /// The name of a secret that is in one of the strings or keys of the value, or that is one of its numbers.
    pub fn find_in(&self, value: &Value) -> Option<&str> {
        let patterns = self.patterns.as_deref()?;
        match value {
            Value::Null | Value::Bool(_) => None,
            Value::Number(number) => patterns.equal_to(&number.to_string()),
            Value::String(text) => self.find(text),
            Value::Array(items) => items.iter().find_map(|item| self.find_in(item)),
            Value::Object(fields) => {
                fields.iter().find_map(|(key, item)| self.find(key).or_else(|| self.find_in(item)))
            }
        }
    }

    /// Masks a stream of bytes that arrives in pieces.
    pub fn stream(&self) -> MaskStream {
        MaskStream::new(self.patterns.clone())
    }
}

#[cfg(test)]
mod tests;
