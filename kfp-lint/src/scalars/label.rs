//! Labels, annotations and node selectors: keys and values that Kubernetes takes.

use kfp_compiler::check::forms::is_object_name;
use kfp_compiler::diag::{Diagnostic, codes};
use kfp_compiler::read::{Entry, Tree};
use kfp_model::Place;

use super::has_tag;
use crate::structure::Found;
use crate::structure::spot::Spot;

/// Characters of the longest value, and of the longest name in a key.
const LONGEST: usize = 63;

/// The labels and annotations of an object.
pub(super) fn metadata(tree: &Tree, spot: &Spot<'_>, found: &mut Found) {
    pairs(tree, "labels", spot, true, found);
    pairs(tree, "annotations", spot, false, found);
}

/// The node selector of a template or a workflow.
pub(super) fn selector(tree: &Tree, spot: &Spot<'_>, found: &mut Found) {
    pairs(tree, "nodeSelector", spot, true, found);
}

fn pairs(tree: &Tree, field: &str, spot: &Spot<'_>, has_label_values: bool, found: &mut Found) {
    let Some(entry) = tree.get(field) else { return };
    let place = spot.place().key(field);
    for Entry { key, value, .. } in entry.value.entries() {
        let place = place.key(key);
        if !has_tag(key)
            && let Some(problem) = key_problem(key)
        {
            found.push(wrong(&place, format!("`{key}` is no key of `{field}`: {problem}")));
        }
        if has_label_values
            && let Some(text) = value.text()
            && !has_tag(text)
            && let Some(problem) = value_problem(text)
        {
            found.push(wrong(&place, format!("`{text}` is no value of `{field}`: {problem}")));
        }
    }
}

fn wrong(place: &Place, message: String) -> Diagnostic {
    Diagnostic::error(codes::ARGO_LABEL, place, message)
}

/// What keeps the text from being a key: a name, with a domain and `/` before it or without.
fn key_problem(key: &str) -> Option<&'static str> {
    let name = match key.split_once('/') {
        None => key,
        Some((domain, name)) if is_object_name(domain) => name,
        Some(_) => return Some("what stands before `/` is no domain"),
    };
    if name.is_empty() {
        return Some("it has no name");
    }
    value_problem(name)
}

/// What keeps the text from being a value, which may be empty.
fn value_problem(text: &str) -> Option<&'static str> {
    if text.len() > LONGEST {
        return Some("it has more than 63 characters");
    }
    if !text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')) {
        return Some("letters, digits, `-`, `_` and `.` are allowed");
    }
    let is_inner = |c: char| !c.is_ascii_alphanumeric();
    (text.starts_with(is_inner) || text.ends_with(is_inner))
        .then_some("it begins and ends with a letter or a digit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_values_are_those_of_kubernetes() {
        for (key, is_fine) in [
            ("app", true),
            ("app.kubernetes.io/name", true),
            ("a_b.c-D", true),
            ("", false),
            ("/name", false),
            ("App.io/name", false),
            ("a/b/c", false),
            ("-a", false),
            ("a b", false),
        ] {
            assert_eq!(key_problem(key).is_none(), is_fine, "{key}");
        }
        for (value, is_fine) in [("", true), ("v1.2_3-4", true), ("a/b", false), ("x-", false), ("ü", false)]
        {
            assert_eq!(value_problem(value).is_none(), is_fine, "{value}");
        }
        assert!(value_problem(&"x".repeat(64)).is_some());
    }
}
