//! Mount paths of volumes and artifacts.

use std::collections::HashMap;

use kfp_argo::tag::has_tag;
use kfp_diag::source::Tree;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use super::fixed::fixed;
use crate::cursor::Cursor;

/// Checks the volume mounts of a container.
pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let Some(mounts) = tree.get("volumeMounts") else { return };
    let place = cursor.place().key("volumeMounts");
    for (idx, mount) in mounts.value.items().iter().enumerate() {
        let place = place.index(idx);
        if let Some(path) = fixed(mount, "mountPath") {
            path_problem(path, &place.key("mountPath"), found);
        }
        if let Some(path) = fixed(mount, "subPath")
            && (path.starts_with('/') || has_parent(path))
        {
            let message = format!("`{path}` is outside the volume");
            let diagnostic = Diagnostic::error(codes::ARGO_MOUNT, &place.key("subPath"), message);
            found.push(diagnostic.help("use a path relative to the volume, without `..`"));
        }
    }
}

fn path_problem(path: &str, place: &Place, found: &mut Vec<Diagnostic>) {
    let problem = if path.is_empty() {
        "the mount path is empty".to_owned()
    } else if path.contains(':') {
        format!("the mount path `{path}` contains `:`")
    } else if has_parent(path) {
        format!("the mount path `{path}` contains `..`")
    } else if !path.starts_with('/') {
        let message = format!("the mount path `{path}` is relative");
        let diagnostic = Diagnostic::warning(codes::ARGO_MOUNT, place, message);
        found.push(diagnostic.help(format!("use `/{path}`, which is equivalent")));
        return;
    } else {
        return;
    };
    found.push(Diagnostic::error(codes::ARGO_MOUNT, place, problem));
}

fn has_parent(path: &str) -> bool {
    path.split('/').any(|part| part == "..")
}

/// Reports input artifacts with the same path as a volume or another artifact.
pub(super) fn template(tree: &Tree, cursor: &Cursor<'_>, found: &mut Vec<Diagnostic>) {
    let mut taken: HashMap<&str, Place> = HashMap::new();
    for kind in ["container", "script"] {
        let mounts = tree.get(kind).and_then(|entry| entry.value.get("volumeMounts"));
        let items = mounts.map(|entry| entry.value.items()).unwrap_or_default();
        for (idx, mount) in items.iter().enumerate() {
            if let Some(path) = fixed(mount, "mountPath") {
                let place = cursor.place().key(kind).key("volumeMounts").index(idx).key("mountPath");
                // A second mount at the same path is reported as a duplicate item.
                taken.entry(path).or_insert(place);
            }
        }
    }
    let artifacts = tree.get("inputs").and_then(|entry| entry.value.get("artifacts"));
    for (idx, artifact) in artifacts.map(|entry| entry.value.items()).unwrap_or_default().iter().enumerate() {
        let Some(path) = artifact.get("path").and_then(|entry| entry.value.text()) else { continue };
        if has_tag(path) || path.is_empty() {
            continue;
        }
        let place = cursor.place().key("inputs").key("artifacts").index(idx).key("path");
        if let Some(first) = taken.get(path) {
            let message = format!("duplicate path `{path}`");
            let diagnostic = Diagnostic::error(codes::ARGO_MOUNT, &place, message);
            found.push(diagnostic.also(first, "first used here"));
        } else {
            taken.insert(path, place);
        }
    }
}
