//! References to keys of secrets and config maps.

use kfp_argo::kubernetes::{is_key, is_object_name};
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;

pub(super) fn check(noun: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    if tree.get("name").is_none() {
        let message = format!("{} does not name its {noun}", cursor.words());
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place(), message));
    }
    if let Some(name) = fixed(tree, "name").filter(|name| !is_object_name(name)) {
        let message = format!("`{name}` is no name for a {noun}");
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place().key("name"), message));
    }
    if let Some(key) = fixed(tree, "key").filter(|key| !is_key(key)) {
        let message = format!("`{key}` is no key of a {noun}");
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place().key("key"), message));
    }
}
