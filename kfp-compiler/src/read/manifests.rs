//! Kubernetes manifests: a text with any number of documents, which are read as trees.

use std::ops::Range;

use kfp_model::Place;

use super::fault::{Fault, Problem};
use super::places::Places;
use super::source::{Rejected, duplicates, rejected};
use super::tree::{Node, Tree};
use super::{form, json, yaml};
use crate::diag::{Spans, Written};

/// A text with the documents that it holds.
#[derive(Debug)]
pub struct Manifests {
    /// The name of the file, or what stands for it.
    pub name: String,
    /// The text.
    pub text: String,
    /// A list of the documents. A node of the second one has a place that starts with `/1`.
    pub tree: Tree,
    places: Places,
}

/// Reads manifests from YAML or JSON; `name` is what messages call the text.
///
/// ```
/// use kfp_compiler::read::manifests;
/// let manifests = manifests("two.yaml", b"kind: Workflow\n---\nkind: CronWorkflow\n").unwrap();
/// let kinds = manifests.tree.items().iter().filter_map(|document| document.get("kind")?.value.text());
/// assert_eq!(kinds.collect::<Vec<_>>(), ["Workflow", "CronWorkflow"]);
/// ```
///
/// # Errors
/// The bytes are no text, the text is no JSON or YAML, it is nested too deeply or expands to too much, or a key
/// stands twice in one map.
pub fn manifests(name: &str, bytes: &[u8]) -> Result<Manifests, Box<Rejected>> {
    let text = form::text(bytes).map_err(|fault| Box::new(rejected(name, "", &[fault])))?;
    let refuse = |faults: &[Fault]| Box::new(rejected(name, text, faults));
    if form::is_empty(text) {
        return Err(refuse(&[Fault::new(Problem::Empty)]));
    }
    let documents =
        if form::is_json(text) { json::tree(text).map(|tree| vec![tree]) } else { yaml::trees(text) };
    let documents = documents.map_err(|fault| refuse(&[fault]))?;
    let tree = Tree { span: 0..text.len(), node: Node::List(documents) };
    let twice = duplicates(&tree, text);
    if !twice.is_empty() {
        return Err(refuse(&twice));
    }
    Ok(Manifests { name: name.to_owned(), text: text.to_owned(), tree, places: Places::default() })
}

impl Manifests {
    /// The text and its positions, as rendering needs them.
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
    use super::*;

    #[test]
    fn nodes_of_every_document_are_found() {
        let manifests = manifests("x", b"a: 1\n---\n# nothing\n---\nb:\n  c: two\n").unwrap();
        let place = Place::root().index(1).key("b").key("c");
        assert_eq!(&manifests.text[manifests.span(&place).unwrap()], "two");
    }

    #[test]
    fn keys_that_stand_twice_are_named_in_every_document() {
        let rejected = manifests("x", b"a: 1\na: 2\n---\nb: {c: 1, c: 2}\n").unwrap_err();
        let places: Vec<&str> =
            rejected.diagnostics.iter().map(|diagnostic| diagnostic.primary.place.as_str()).collect();
        assert_eq!(places, ["/0/a", "/1/b/c"]);
    }
}
