//! Facts: what a pipeline or manifest is compared by.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;

use super::Subject;
use crate::digest::sha256_hex;

/// Strings of more characters are shown by their length and digest.
const LONGEST: usize = 100;

/// Something that is said of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fact {
    /// As people read it.
    pub(super) shown: String,
    /// As it is compared, where that is not what people read.
    pub(super) exact: Option<String>,
}

/// Facts by what they are about.
pub(super) type Facts = BTreeMap<String, Fact>;

/// All subjects of a pipeline or manifest.
pub(super) type Subjects = IndexMap<Subject, Facts>;

impl Fact {
    /// A fact that is shown as it is; long texts by their length and digest.
    pub(super) fn plain(text: impl AsRef<str>) -> Self {
        let (text, shown) = (text.as_ref(), shortened(text.as_ref()));
        let exact = (shown != text).then(|| text.to_owned());
        Self { shown, exact }
    }

    /// A fact whose words do not say all that it is.
    pub(super) fn of(words: String, whole: &impl Serialize) -> Self {
        Self { shown: words, exact: Some(serde_json::to_string(whole).unwrap_or_default()) }
    }
}

/// The text itself, or what tells it apart where it is too long to be shown.
fn shortened(text: &str) -> String {
    if text.chars().count() <= LONGEST && !text.contains('\n') {
        return text.to_owned();
    }
    let digest = sha256_hex(text.as_bytes());
    format!("{} lines, {} bytes, SHA-256 {}", text.lines().count(), text.len(), &digest[..12])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_differ_by_their_digests() {
        assert_eq!(shortened("short"), "short");
        assert_eq!(shortened("a\nb"), "2 lines, 3 bytes, SHA-256 7e18f737311b");
        assert_ne!(shortened(&"a".repeat(101)), shortened(&"b".repeat(101)));
    }
}
