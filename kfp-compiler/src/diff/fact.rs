//! Facts, by which pipelines and manifests are compared.

use std::borrow::Cow;
use std::collections::BTreeMap;

use indexmap::IndexMap;
use kfp_diag::spelling::counted;
use kfp_model::without_credentials;
use serde::Serialize;

use super::Subject;
use crate::digest::sha256_hex;

/// The maximum number of characters of a string that is shown in full. Longer ones are shown as length and digest.
const MAX_CHARACTERS: usize = 100;

/// A property of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// The display value, without the credentials of URLs.
    pub(super) shown: String,
    /// The value for comparison, if it is not the display value.
    pub(super) exact: Option<String>,
}

/// Facts by name.
pub(super) type Facts = BTreeMap<String, Fact>;

/// All subjects of a pipeline or manifest.
pub(super) type Subjects = IndexMap<Subject, Facts>;

impl Fact {
    /// Creates a fact that is shown unchanged, or as length and digest if it is long.
    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        let (text, shown) = (text.as_ref(), shortened(&without_credentials(text.as_ref())));
        let exact = (shown != text).then(|| text.to_owned());
        Self { shown, exact }
    }

    /// Creates a fact whose display value does not contain the whole value.
    pub(super) fn of(shown: String, whole: &impl Serialize) -> Self {
        let shown = without_credentials(&shown).into_owned();
        Self { shown, exact: Some(serde_json::to_string(whole).unwrap_or_default()) }
    }

    /// Returns the value for comparison without the credentials of URLs.
    pub(super) fn exact_without_credentials(&self) -> Cow<'_, str> {
        without_credentials(self.exact.as_ref().unwrap_or(&self.shown))
    }

    /// Returns whether the value contains credentials, which are not shown.
    pub(super) fn has_credentials(&self) -> bool {
        self.exact.as_ref().is_some_and(|exact| without_credentials(exact) != *exact)
    }
}

/// Returns the text, or its length and digest if it is long.
fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_CHARACTERS && !text.contains('\n') {
        return text.to_owned();
    }
    let digest = sha256_hex(text.as_bytes());
    format!(
        "{}, {}, SHA-256 {}",
        counted(text.lines().count(), "line"),
        counted(text.len(), "byte"),
        &digest[..12]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_strings_are_shown_with_their_digest() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("a\nb"), "2 lines, 3 bytes, SHA-256 7e18f737311b");
        assert!(shortened(&"a".repeat(101)).starts_with("1 line, 101 bytes, "));
        assert_ne!(shortened(&"a".repeat(101)), shortened(&"b".repeat(101)));
    }
}
