//! The size of a document as JSON, the format in which it is stored.

use kfp_argo::limits::{BYTES, MANY_BYTES};
use kfp_diag::source::{Entry, Node, Tree};
use kfp_diag::{Diagnostic, codes};

use crate::cursor::Cursor;

/// The number of parts that a message lists.
const NAMED: usize = 3;

/// Reports a document that is large or too large.
pub(super) fn check(tree: &Tree, cursor: &Cursor<'_>) -> Option<Diagnostic> {
    let bytes = size(tree);
    if bytes <= MANY_BYTES {
        return None;
    }
    let place = cursor.place();
    let message = format!("the document is {} KiB large as JSON", bytes / 1024);
    let diagnostic = if bytes > BYTES {
        Diagnostic::error(
            codes::ARGO_SIZE,
            &place,
            format!("{message}, but the maximum is {} KiB", BYTES / 1024),
        )
    } else {
        Diagnostic::warning(codes::ARGO_SIZE, &place, message)
            .note("the document and the status of the run must fit into 1 MiB")
    };
    let mut parts = parts(tree);
    parts.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
    let largest: Vec<String> =
        parts.iter().take(NAMED).map(|(name, bytes)| format!("{name} ({} KiB)", bytes / 1024)).collect();
    Some(
        diagnostic.note(format!("the largest parts are {}", largest.join(", "))).help(
            "move templates to a `WorkflowTemplate`, and long strings to artifacts, config maps or images",
        ),
    )
}

/// Returns the sizes of the templates, the other fields of the spec, and the other fields of the document.
fn parts(tree: &Tree) -> Vec<(String, usize)> {
    let spec = tree.get("spec").map(|entry| &entry.value);
    let spec = spec.and_then(|spec| spec.get("workflowSpec").map(|entry| &entry.value).or(Some(spec)));
    let mut parts: Vec<(String, usize)> =
        members(tree).map(|entry| (format!("`{}`", entry.key), size(&entry.value))).collect();
    parts.retain(|(name, _)| name != "`spec`");
    for entry in spec.into_iter().flat_map(members) {
        if entry.key != "templates" {
            parts.push((format!("`{}`", entry.key), size(&entry.value)));
            continue;
        }
        for template in entry.value.items() {
            let name = template.get("name").and_then(|entry| entry.value.text()).unwrap_or_default();
            parts.push((format!("template `{name}`"), size(template)));
        }
    }
    parts
}

fn members(tree: &Tree) -> impl Iterator<Item = &Entry> {
    tree.entries().iter()
}

/// Returns the size in bytes of the node as compact JSON.
fn size(tree: &Tree) -> usize {
    match &tree.node {
        Node::Null => 4,
        Node::Bool(truth) => 5 - usize::from(*truth),
        Node::Number(number) => number.to_string().len(),
        Node::Text(text) => quoted(text),
        Node::List(items) => 1 + items.len().max(1) + items.iter().map(size).sum::<usize>(),
        Node::Map(entries) => {
            let inner = entries.iter().map(|entry| quoted(&entry.key) + 1 + size(&entry.value));
            1 + entries.len().max(1) + inner.sum::<usize>()
        }
    }
}

/// Returns the size in bytes of a JSON string. Most strings need no escapes.
fn quoted(text: &str) -> usize {
    let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        return 2 + text.len();
    }
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' => 1,
        0..0x20 => 5,
        _ => 0,
    };
    2 + text.len() + text.bytes().map(escaped).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use kfp_diag::source::manifests;

    use super::*;

    #[test]
    fn sizes_are_those_of_json() {
        let text = r#"{"a":[1,2.5,true,false,null],"b":{},"c":[],"d":"x\ny\u0001\"\\ü","e":{"f":-3}}"#;
        let file = manifests("x", text.as_bytes()).unwrap();
        assert_eq!(size(&file.tree.items()[0]), text.len());
    }

    #[test]
    fn large_documents_are_reported_with_their_largest_parts() {
        for (kib, severity) in [(100, None), (400, Some("warning")), (1000, Some("error"))] {
            let text = format!(
                "spec:\n  templates:\n  - name: big\n    script: {{source: \"{}\"}}\n  - name: small\n",
                "x".repeat(kib * 1024)
            );
            let file = manifests("x", text.as_bytes()).unwrap();
            let found = check(&file.tree.items()[0], &Cursor::document(0));
            assert_eq!(found.as_ref().map(|found| found.severity.to_string()).as_deref(), severity);
            if let Some(found) = found {
                assert!(found.notes.last().unwrap().contains(&format!("template `big` ({kib} KiB)")));
            }
        }
    }
}
