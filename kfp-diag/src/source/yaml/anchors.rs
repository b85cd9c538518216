//! Nodes that have a name, and what their aliases come to.

use std::collections::HashMap;
use std::ops::Range;

use crate::source::fault::{Fault, Problem};
use crate::source::limits::{BYTES, DEPTH, too_deep, too_many_aliases};
use crate::source::tree::{Node, Tree};

/// Nodes that aliases can name, in a text.
const ANCHORS: usize = 5_000;

/// Nodes that aliases may stand for, all together. Unit tests, which are slower, get there sooner.
const ALIASED: usize = if cfg!(test) { 5_000 } else { 100_000 };

/// The nodes of a document that have a name.
#[derive(Debug, Default)]
pub(super) struct Anchors {
    named: HashMap<usize, Named>,
    /// Nodes that have had a name so far, in all documents.
    count: usize,
    /// What aliases have come to so far, in all documents.
    copied: Size,
}

/// A node that has a name.
#[derive(Debug)]
enum Named {
    Scalar(Node),
    /// A list or a map, by the numbers of the nodes on the way to it. Nodes are only ever added behind others, so
    /// that it stays true; to keep the node itself would be a copy for each level of nesting.
    Below {
        way: Vec<usize>,
        has_ended: bool,
    },
}

/// How much there is of a node.
#[derive(Debug, Default, Clone, Copy)]
struct Size {
    nodes: usize,
    bytes: usize,
    levels: usize,
}

impl Anchors {
    /// A scalar has that name.
    pub(super) fn scalar(&mut self, anchor: usize, tree: &Tree) -> Result<(), Fault> {
        self.name(anchor, &tree.span, Named::Scalar(tree.node.clone()))
    }

    /// What begins now in the last one of these has that name.
    pub(super) fn begin<'a>(
        &mut self,
        anchor: usize,
        span: &Range<usize>,
        open: impl Iterator<Item = &'a Tree>,
    ) -> Result<(), Fault> {
        let way = open.map(count).collect();
        self.name(anchor, span, Named::Below { way, has_ended: false })
    }

    /// What had that name has ended.
    pub(super) fn end(&mut self, anchor: usize) {
        if let Some(Named::Below { has_ended, .. }) = self.named.get_mut(&anchor) {
            *has_ended = true;
        }
    }

    /// Names are those of one document.
    pub(super) fn end_document(&mut self) {
        self.named.clear();
    }

    /// A copy of what has that name, where these have begun and not ended.
    pub(super) fn copy<'a>(
        &mut self,
        anchor: usize,
        open: impl Iterator<Item = &'a Tree> + Clone,
    ) -> Result<Node, Problem> {
        let syntax = |message: &str| Problem::Syntax { notation: "YAML", message: message.to_owned() };
        let node = match self.named.get(&anchor) {
            None => return Err(syntax("an alias stands for nothing")),
            Some(Named::Below { has_ended: false, .. }) => {
                return Err(syntax("an alias stands within what it stands for"));
            }
            Some(Named::Scalar(node)) => node,
            Some(Named::Below { way, .. }) => {
                &find(way, open.clone()).ok_or_else(|| syntax("an alias stands for nothing"))?.node
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

    fn name(&mut self, anchor: usize, span: &Range<usize>, named: Named) -> Result<(), Fault> {
        self.count += 1;
        if self.count > ANCHORS {
            let problem = Problem::TooMuch(format!("it has more than {ANCHORS} anchors"));
            return Err(Fault::new(problem).at(span));
        }
        self.named.insert(anchor, named);
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

/// The node at the end of the way: through what has begun, as far as the way leads there, and then down.
fn find<'a>(way: &[usize], open: impl Iterator<Item = &'a Tree>) -> Option<&'a Tree> {
    let mut way = way.iter();
    let mut current: Option<&Tree> = None;
    for tree in open {
        let idx = *way.next()?;
        if idx < count(tree) {
            current = child(tree, idx);
            break;
        }
    }
    way.try_fold(current?, |tree, idx| child(tree, *idx))
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
