//! Names of objects, service accounts and volumes.

use kfp_argo::kubernetes::is_object_name;
use kfp_diag::source::{Node, Tree};
use kfp_diag::{Diagnostic, codes};

use super::fixed::fixed;
use crate::cursor::Cursor;
use crate::document::Kind;

/// Argo uses names as label values, and appends a timestamp to the name of a cron workflow.
const LONGEST: usize = 63;
const LONGEST_CRON: usize = 52;

/// Checks the name of the object.
pub(super) fn document(tree: &Tree, cursor: &Cursor<'_>, kind: Kind, found: &mut Vec<Diagnostic>) {
    let Some(metadata) = tree.get("metadata").map(|entry| &entry.value) else { return };
    if !matches!(metadata.node, Node::Map(_)) {
        return;
    }
    let place = cursor.place().key("metadata");
    let text = |field: &str| metadata.get(field).and_then(|entry| entry.value.text());
    let name = text("name").filter(|name| !name.is_empty());
    let prefix = text("generateName").filter(|prefix| !prefix.is_empty());
    let longest = if kind == Kind::CronWorkflow { LONGEST_CRON } else { LONGEST };
    match (name, prefix) {
        // A name of the wrong type is reported by the type check.
        (None, None)
            if metadata
                .get("name")
                .is_none_or(|entry| matches!(entry.value.node, Node::Null | Node::Text(_))) =>
        {
            let message = "missing `metadata.name` or `metadata.generateName`";
            found.push(Diagnostic::error(codes::KUBERNETES_NAME, &place, message));
        }
        (Some(name), _) if !is_object_name(name) => {
            let message = format!("invalid object name `{name}`");
            let diagnostic = Diagnostic::error(codes::KUBERNETES_NAME, &place.key("name"), message);
            found.push(diagnostic.help("use lowercase letters, digits, `-` and `.`"));
        }
        (Some(name), _) if name.len() > longest => {
            let message = format!("the name is {} characters long, but the maximum is {longest}", name.len());
            found.push(Diagnostic::error(codes::KUBERNETES_NAME, &place.key("name"), message));
        }
        (None, Some(prefix)) if !is_object_name(&format!("{prefix}x")) => {
            let message = format!("invalid name prefix `{prefix}`");
            let diagnostic = Diagnostic::error(codes::KUBERNETES_NAME, &place.key("generateName"), message);
            found.push(diagnostic.help("use lowercase letters, digits, `-` and `.`"));
        }
        _ => {}
    }
    if let Some(namespace) = text("namespace").filter(|name| !name.is_empty() && !is_label(name)) {
        let message = format!("invalid namespace name `{namespace}`");
        found.push(Diagnostic::error(codes::KUBERNETES_NAME, &place.key("namespace"), message));
    }
}

/// Checks the service account of a workflow or template.
pub(super) fn account(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(name) =
        fixed(tree, "serviceAccountName").filter(|name| !name.is_empty() && !is_object_name(name))
    {
        let message = format!("invalid service account name `{name}`");
        found.push(Diagnostic::error(
            codes::KUBERNETES_NAME,
            &cursor.place().key("serviceAccountName"),
            message,
        ));
    }
}

/// Checks the name of a volume.
pub(super) fn volume(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    if let Some(name) = fixed(tree, "name").filter(|name| !is_label(name)) {
        let message = format!("invalid volume name `{name}`");
        let diagnostic = Diagnostic::error(codes::KUBERNETES_NAME, &cursor.place().key("name"), message);
        found.push(diagnostic.help("use lowercase letters, digits and `-`"));
    }
}

/// Returns whether the name is an RFC 1123 label.
fn is_label(name: &str) -> bool {
    name.len() <= LONGEST && !name.contains('.') && is_object_name(name)
}
