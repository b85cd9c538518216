//! Masking: finds the values of secrets in the output of a step and replaces them with `***`.
//!
//! The main type is [`Mask`]. It finds a secret in plain form and in these encodings:
//!
//! - hexadecimal digits, in upper or lowercase;
//! - base64, standard or URL-safe, also inside longer base64;
//! - the escapes of JSON, Rust and Python, also applied twice;
//! - percent-encoding, with `+` or `%20` for a space, also inside or around JSON;
//! - any of these except percent-encoding, wrapped into several lines.
//!
//! Each line of a multi-line secret is also masked separately if it has at least eight bytes. White space around a
//! secret is ignored. A secret of fewer than four bytes would match too often, so it is masked as a whole word only,
//! and not in base64 or hexadecimal digits.
//!
//! Masking takes time linear in the length of the text. A stream may be cut anywhere. A mask does not detect secrets
//! that are compressed, encrypted or encoded in another way.

mod decode;
mod patterns;
mod scan;
mod view;

use std::sync::Arc;

use serde_json::Value;

use patterns::Patterns;
pub use scan::MaskStream;

/// The replacement for a secret.
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
    /// `None` if there are no secrets.
    patterns: Option<Arc<Patterns>>,
}

impl Mask {
    /// Creates a mask for secrets, passed as pairs of name and value.
    pub fn new<'s>(secrets: impl IntoIterator<Item = (&'s str, &'s str)>) -> Self {
        Self { patterns: Patterns::new(secrets).map(Arc::new) }
    }

    /// Returns whether the mask has no secrets.
    pub fn is_empty(&self) -> bool {
        self.patterns.is_none()
    }

    /// Replaces each secret in the text with `***`.
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

    /// Returns the name of a secret that occurs in the text, if there is one.
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

    /// Returns the name of a secret that occurs in a string or key of the value, or that equals one of its numbers.
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

    /// Returns a masker for a stream of bytes that arrives in pieces.
    pub fn stream(&self) -> MaskStream {
        MaskStream::new(self.patterns.clone())
    }
}

#[cfg(test)]
mod tests;
