//! The keys and values of labels, annotations and node selectors.

use kfp_argo::kubernetes::{label_key_problem, label_value_problem};
use kfp_argo::tag::has_tag;
use kfp_diag::source::{Entry, Tree};
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::cursor::Cursor;

/// Checks the labels and annotations of an object.
pub(super) fn metadata(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    pairs(tree, "labels", cursor, true, found);
    pairs(tree, "annotations", cursor, false, found);
}

/// Checks the node selector of a template or workflow.
pub(super) fn selector(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    pairs(tree, "nodeSelector", cursor, true, found);
}

fn pairs(tree: &Tree, field: &str, cursor: &Cursor<'_>, has_label_values: bool, found: &mut Vec<Diagnostic>) {
    let Some(entry) = tree.get(field) else { return };
    let place = cursor.place().key(field);
    for Entry { key, value, .. } in entry.value.entries() {
        let place = place.key(key);
        if !has_tag(key)
            && let Some(problem) = label_key_problem(key)
        {
            found.push(wrong(&place, format!("invalid key `{key}` in `{field}`: {problem}")));
        }
        if has_label_values
            && let Some(text) = value.text()
            && !has_tag(text)
            && let Some(problem) = label_value_problem(text)
        {
            found.push(wrong(&place, format!("invalid value `{text}` in `{field}`: {problem}")));
        }
    }
}

fn wrong(place: &Place, message: String) -> Diagnostic {
    Diagnostic::error(codes::ARGO_LABEL, place, message)
}
