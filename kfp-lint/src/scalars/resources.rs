//! Resource requests and limits: valid names, and requests within their limits.

use kfp_argo::kubernetes::is_resource;
use kfp_argo::tag::has_tag;
use kfp_diag::source::{Entry, Node, Tree};
use kfp_diag::spelling::nearest;
use kfp_diag::{Diagnostic, codes};

use super::quantity::amount;
use crate::cursor::Cursor;

/// Resources without a domain.
const NATIVE: [&str; 4] = ["cpu", "memory", "ephemeral-storage", "storage"];

pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    for field in ["limits", "requests"] {
        let Some(entry) = tree.get(field) else { continue };
        for Entry { key, .. } in entry.value.entries() {
            if has_tag(key)
                || NATIVE.contains(&key.as_str())
                || key.starts_with("hugepages-")
                || is_resource(key)
            {
                continue;
            }
            let message = format!("unknown resource `{key}`");
            let diagnostic =
                Diagnostic::error(codes::KUBERNETES_RESOURCE, &cursor.place().key(field).key(key), message);
            found.push(match nearest(key, &NATIVE) {
                Some(right) => diagnostic.help(format!("use `{right}`")),
                None => diagnostic.help("use its domain and name, such as `nvidia.com/gpu`"),
            });
        }
    }
    within(tree, cursor, found);
}

/// Reports requests that exceed their limits.
fn within(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let (Some(limits), Some(requests)) = (tree.get("limits"), tree.get("requests")) else { return };
    for Entry { key, value, .. } in requests.value.entries() {
        let Some(limit) = limits.value.get(key) else { continue };
        if let (Some(request), Some(most)) = (number(value), number(&limit.value))
            && request > most
        {
            let message = format!("the request for `{key}` exceeds its limit");
            found.push(
                Diagnostic::error(
                    codes::KUBERNETES_RESOURCE,
                    &cursor.place().key("requests").key(key),
                    message,
                )
                .also(&cursor.place().key("limits").key(key), "the limit is here"),
            );
        }
    }
}

fn number(tree: &Tree) -> Option<f64> {
    match &tree.node {
        Node::Text(text) => amount(text),
        Node::Number(number) => number.as_f64(),
        Node::Null | Node::Bool(_) | Node::List(_) | Node::Map(_) => None,
    }
}
