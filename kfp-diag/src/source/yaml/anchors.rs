//! Anchors and aliases, with a limit on what aliases expand to.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::fault::{Fault, Problem};
use crate::source::limits::{BYTES, DEPTH, too_deep, too_many_aliases};
use crate::source::tree::{Node, Tree};

/// The maximum number of anchors in a file.
const ANCHORS: usize = 5_000;

/// The maximum number of nodes that all aliases expand to. Unit tests are slower, so their limit is lower.
const ALIASED: usize = if cfg!(test) { 5_000 } else { 100_000 };

/// The anchors of a document.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    by_id: HashMap<usize, Anchored>,
    /// The number of anchors so far, in all documents.
    count: usize,
    /// The size of all expanded aliases so far, in all documents.
    copied: Size,
}

/// A node with an anchor.
#[derive(Debug)]
enum Anchored {
    Scalar(Node),
    /// A list or map, as a path of child indices. Nodes are only ever appended, so paths stay valid. Storing the node
    /// itself would need a copy for each level of nesting.
    Collection {
        path: Vec<usize>,
        has_ended: bool,
    },
}

/// The size of a node with its descendants.
#[derive(Debug, Default, Clone, Copy)]
struct Size {
    nodes: usize,
    bytes: usize,
    levels: usize,
}

impl Anchors {
    /// Adds the anchor of a scalar.
    pub(super) fn scalar(&mut self, anchor: usize, tree: &Tree) -> Result<(), Fault> {
        self.insert(anchor, &tree.span, Anchored::Scalar(tree.node.clone()))
    }

    /// Adds the anchor of a collection that starts now as a child of the last open collection.
    pub(super) fn begin<'a>(
        &mut self,
        anchor: usize,
        span: &Range<usize>,
        open: impl Iterator<Item = &'a Tree>,
    ) -> Result<(), Fault> {
        let path = open.map(count).collect();
        self.insert(anchor, span, Anchored::Collection { path, has_ended: false })
    }

    /// Marks the collection with the anchor as complete.
    pub(super) fn end(&mut self, anchor: usize) {
        if let Some(Anchored::Collection { has_ended, .. }) = self.by_id.get_mut(&anchor) {
            *has_ended = true;
        }
    }

    /// Forgets all anchors, which are local to a document.
    pub(super) fn end_document(&mut self) {
        self.by_id.clear();
    }

    /// Returns a copy of the node with the anchor. `open` are the collections that have not ended yet.
    pub(super) fn copy<'a>(
        &mut self,
        anchor: usize,
        open: impl Iterator<Item = &'a Tree> + Clone,
    ) -> Result<Node, Problem> {
        let syntax = |message: &str| Problem::Syntax { notation: "YAML", message: message.to_owned() };
        let node = match self.by_id.get(&anchor) {
            None => return Err(syntax("unknown anchor")),
            Some(Anchored::Collection { has_ended: false, .. }) => {
                return Err(syntax("alias within its own anchor"));
            }
            Some(Anchored::Scalar(node)) => node,
            Some(Anchored::Collection { path, .. }) => {
                &find(path, open.clone()).ok_or_else(|| syntax("unknown anchor"))?.node
            }
        };
        let size = Size::of(node);
        self.copied.nodes += size.nodes;
        self.copied.bytes += size.bytes;
        if self.copied.nodes > ALIASED || self.copied.bytes > BYTES {
            return Err(too_many_aliases());
        }
        if open.count() + size.levels > DEPTH {
            return Err(too_deep());
        }
        Ok(node.clone())
    }

    fn insert(&mut self, anchor: usize, span: &Range<usize>, anchored: Anchored) -> Result<(), Fault> {
        self.count += 1;
        if self.count > ANCHORS {
            let problem = Problem::TooMuch(format!("more than {ANCHORS} anchors"));
            return Err(Fault::new(problem).at(span));
        }
        self.by_id.insert(anchor, anchored);
        Ok(())
    }
}

impl Size {
    fn of(node: &Node) -> Self {
        let sum = |below: Self, acc: Self, key: usize| Self {
            nodes: acc.nodes + below.nodes + usize::from(key > 0),
            bytes: acc.bytes + below.bytes + key,
            levels: acc.levels.max(below.levels + 1),
        };
        let own = |bytes| Self { nodes: 1, bytes, levels: 0 };
        match node {
            Node::Text(text) => own(text.len()),
            Node::List(items) => {
                items.iter().fold(Self { levels: 1, ..own(0) }, |acc, item| sum(Self::of(&item.node), acc, 0))
            }
            Node::Map(entries) => entries.iter().fold(Self { levels: 1, ..own(0) }, |acc, entry| {
                sum(Self::of(&entry.value.node), acc, entry.key.len())
            }),
            Node::Null | Node::Bool(_) | Node::Number(_) => own(0),
        }
    }
}

/// Returns the node at the end of the path, which starts with open collections.
fn find<'a>(path: &[usize], open: impl Iterator<Item = &'a Tree>) -> Option<&'a Tree> {
    let mut path = path.iter();
    let mut current: Option<&Tree> = None;
    for tree in open {
        let idx = *path.next()?;
        if idx < count(tree) {
            current = child(tree, idx);
            break;
        }
    }
    path.try_fold(current?, |tree, idx| child(tree, *idx))
}

fn count(tree: &Tree) -> usize {
    match &tree.node {
        Node::List(items) => items.len(),
        Node::Map(entries) => entries.len(),
        _ => 0,
    }
}

fn child(tree: &Tree, idx: usize) -> Option<&Tree> {
    match &tree.node {
        Node::List(items) => items.get(idx),
        Node::Map(entries) => entries.get(idx).map(|entry| &entry.value),
        _ => None,
    }
}
