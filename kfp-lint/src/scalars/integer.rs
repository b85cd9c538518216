//! Integers that may be written as strings, because they can be tags.

use kfp_argo::tag::has_tag;
use kfp_diag::source::{Node, Tree};
use kfp_diag::{Diagnostic, codes};

use crate::cursor::Cursor;

/// Type, field and minimum.
const FIELDS: [(&str, &str, i64); 7] = [
    ("Backoff", "factor", i64::MIN),
    ("ContainerSetRetryStrategy", "retries", i64::MIN),
    ("RetryStrategy", "limit", i64::MIN),
    ("Sequence", "count", i64::MIN),
    ("Sequence", "end", i64::MIN),
    ("Sequence", "start", i64::MIN),
    ("Template", "activeDeadlineSeconds", 0),
];

pub(super) fn check(r#type: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    for (_, field, least) in FIELDS.iter().filter(|(owner, ..)| *owner == r#type) {
        let Some(entry) = tree.get(field) else { continue };
        let number = match &entry.value.node {
            Node::Text(text) if has_tag(text) => continue,
            Node::Text(text) => text.parse::<i64>().ok(),
            Node::Number(number) => number.as_i64(),
            Node::Null | Node::Bool(_) | Node::List(_) | Node::Map(_) => continue,
        };
        if number.is_some_and(|number| number >= *least) {
            continue;
        }
        let message = match number {
            Some(number) => format!("`{field}` is {number}, but the minimum is {least}"),
            None => format!("expected an integer for `{field}`"),
        };
        found.push(Diagnostic::error(codes::ARGO_TYPE, &cursor.place().key(field), message));
    }
}
