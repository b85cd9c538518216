//! Lists whose items must be unique.

use std::collections::HashMap;

use kfp_diag::source::Tree;
use kfp_diag::spelling::list;
use kfp_diag::{Diagnostic, codes};

use super::table::Limits;
use crate::cursor::Cursor;
use crate::scalar::{Scalar, scalar};

/// Reports items with the same keys, and equal items of a set: the API server rejects them.
pub(super) fn unique(
    items: &[Tree],
    limits: &Limits,
    text: &str,
    cursor: &Cursor<'_>,
    found: &mut Vec<Diagnostic>,
) {
    if limits.keys.is_empty() && !limits.is_set {
        return;
    }
    let mut seen: HashMap<Vec<String>, usize> = HashMap::new();
    for (idx, item) in items.iter().enumerate() {
        let Some(key) = key(item, limits, text) else { continue };
        let Some(first) = seen.insert(key.clone(), idx) else { continue };
        let what = match limits.keys.as_slice() {
            [] => format!("`{}`", key[0]),
            keys => format!("{} `{}`", list(keys.iter().map(|key| (*key).to_owned())), key[0]),
        };
        let name = cursor.name().unwrap_or_default();
        let message = format!("duplicate {what} in `{name}`");
        found.push(
            Diagnostic::error(codes::ARGO_TWICE, &cursor.index(idx).place(), message)
                .also(&cursor.index(first).place(), "first used here"),
        );
    }
}

/// Returns the key of an item; `None` if its type is wrong, which is reported elsewhere.
fn key(item: &Tree, limits: &Limits, text: &str) -> Option<Vec<String>> {
    if limits.is_set {
        return Some(vec![format!("{:?}", scalar(item, text)?)]);
    }
    let part = |key: &&'static str| match item.get(key) {
        None if *key == "protocol" => Some("TCP".to_owned()),
        None => None,
        Some(entry) => match scalar(&entry.value, text)? {
            Scalar::String(text) => Some(text.into_owned()),
            other => other.integer().map(|number| number.to_string()),
        },
    };
    limits.keys.iter().map(part).collect()
}
