//! References to keys of secrets and config maps.

use kfp_argo::kubernetes::{is_key, is_object_name};
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;

pub(super) fn check(noun: &str, tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    if tree.get("name").is_none() {
        let message = format!("missing `name` of the {noun} in {}", cursor.describe());
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place(), message));
    }
    if let Some(name) = fixed(tree, "name").filter(|name| !is_object_name(name)) {
        let message = format!("invalid {noun} name `{name}`");
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place().key("name"), message));
    }
    if let Some(key) = fixed(tree, "key").filter(|key| !is_key(key)) {
        let message = format!("invalid {noun} key `{key}`");
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place().key("key"), message));
    }
}
