//! Parses Kubernetes manifests: files with any number of documents.

use std::ops::Range;

use kfp_model::Place;
use serde_json::Value;

use super::duplicates::duplicates;
use super::fault::{Fault, Problem};
use super::places::Places;
use super::rejected::Rejected;
use super::tree::{Node, Tree};
use super::{form, json, yaml};
use crate::surroundings::{Spans, Written};

/// A manifest file and its documents.
#[derive(Debug)]
pub struct Manifests {
    /// The file name, or a placeholder such as `<stdin>`.
    pub name: String,
    /// The contents.
    pub text: String,
    /// The list of documents. The places of nodes in the second document start with `/1`.
    pub tree: Tree,
    places: Places,
}

/// Parses manifests in YAML or JSON; `name` is the file name in messages.
///
/// ```
/// use kfp_diag::source::manifests;
/// let manifests = manifests("two.yaml", b"kind: Workflow\n---\nkind: CronWorkflow\n").unwrap();
/// let kinds = manifests.tree.items().iter().filter_map(|document| document.get("kind")?.value.text());
/// assert_eq!(kinds.collect::<Vec<_>>(), ["Workflow", "CronWorkflow"]);
/// ```
///
/// # Errors
/// The file is not UTF-8 text, has a syntax error or a duplicate key, or exceeds a size limit.
pub fn manifests(name: &str, bytes: &[u8]) -> Result<Manifests, Box<Rejected>> {
    let text = form::text(bytes).map_err(|fault| Box::new(Rejected::from_faults(name, "", &[fault])))?;
    let reject = |faults: &[Fault]| Box::new(Rejected::from_faults(name, text, faults));
    if form::is_empty(text) {
        return Err(reject(&[Fault::new(Problem::Empty)]));
    }
    let documents =
        if form::is_json(text) { json::tree(text).map(|tree| vec![tree]) } else { yaml::trees(text) };
    let documents = documents.map_err(|fault| reject(&[fault]))?;
    let tree = Tree { span: 0..text.len(), node: Node::List(documents) };
    let duplicates = duplicates(&tree, text);
    if !duplicates.is_empty() {
        return Err(reject(&duplicates));
    }
    Ok(Manifests { name: name.to_owned(), text: text.to_owned(), tree, places: Places::default() })
}

impl Manifests {
    /// Wraps an object that was not parsed from a file, such as the output of the compiler.
    ///
    /// Diagnostics about it have places, but no source lines.
    pub fn of_value(name: &str, object: Value) -> Self {
        let tree = Tree { span: 0..0, node: Node::List(vec![object.into()]) };
        Self { name: name.to_owned(), text: String::new(), tree, places: Places::default() }
    }

    /// Returns the contents and the positions of nodes, for rendering.
    pub fn written(&self) -> Written<'_> {
        Written { name: &self.name, text: &self.text, spans: self }
    }
}

impl Spans for Manifests {
    fn span(&self, place: &Place) -> Option<Range<usize>> {
        Some(self.places.shown(&self.tree, place, &self.text))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::codes;
    use crate::source::limits;

    #[test]
    fn nodes_of_all_documents_are_found() {
        let manifests = manifests("x", b"a: 1\n---\n# nothing\n---\nb:\n  c: two\n").unwrap();
        let place = Place::root().index(1).key("b").key("c");
        assert_eq!(&manifests.text[manifests.span(&place).unwrap()], "two");
    }

    #[test]
    fn duplicate_keys_are_reported_in_all_documents() {
        let rejected = manifests("x", b"a: 1\na: 2\n---\nb: {c: 1, c: 2}\n").unwrap_err();
        let places: Vec<&str> =
            rejected.diagnostics.iter().map(|diagnostic| diagnostic.primary.place.as_str()).collect();
        assert_eq!(places, ["/0/a", "/1/b/c"]);
    }

    #[test]
    fn hostile_input_is_rejected_in_bounded_time() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for idx in 1..12 {
            let alias = format!("*a{}", idx - 1);
            let _ = writeln!(bomb, "a{idx}: &a{idx} [{}]", vec![alias; 10].join(", "));
        }
        let deep_json = format!("{{\"a\": {}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        let deep_flow = format!("a: {}{}", "[".repeat(10_000), "]".repeat(10_000));
        let mut deep_block = String::new();
        for depth in 0..2_000 {
            let _ = writeln!(deep_block, "{}a:", " ".repeat(depth));
        }
        let mut anchors = String::new();
        for idx in 0..9_000 {
            let _ = writeln!(anchors, "a{idx}: &a{idx} 1");
        }
        let mut long = format!("a: &a {}\nb: [*a", "x".repeat(1 << 20));
        long.push_str(&", *a".repeat(40));
        long.push_str("]\n");
        let cases = [
            (bomb, "aliases expand to too many values"),
            (deep_json, "more than 128 levels of nesting"),
            (deep_flow, "more than 128 levels of nesting"),
            (deep_block, "more than 128 levels of nesting"),
            (anchors, "more than 5000 anchors"),
            (long, "aliases expand to too many values"),
            (format!("a: [{}1]", "1,".repeat(limits::YAML_NODES)), "more than 20000 values"),
            (format!("{{\"a\": [{}1]}}", "1,".repeat(limits::JSON_NODES)), "more than 20000 values"),
            (format!("a: {}", "x".repeat(limits::BYTES)), "more than 32 MiB"),
        ];
        for (text, why) in cases {
            let rejected = manifests("x", text.as_bytes()).unwrap_err();
            let found = &rejected.diagnostics[0];
            assert!(found.code == codes::TOO_MUCH && found.message.contains(why), "{why}: {found:?}");
        }
    }
}
