//! Builds trees from YAML events.

use std::borrow::Cow;
use std::ops::Range;

use granit_parser::{ScalarStyle, StructureStyle, Tag};

use super::anchors::Anchors;
use super::merge::{Merges, merge};
use super::{portable, scalar};
use crate::source::fault::{Fault, Problem};
use crate::source::limits::{DEPTH, YAML_NODES, too_deep, too_many_nodes};
use crate::source::tree::{Entry, Node, Tree};

/// Builds documents from a stream of events.
#[derive(Debug, Default)]
pub(super) struct Builder {
    /// The finished documents.
    pub(super) documents: Vec<Tree>,
    frames: Vec<Frame>,
    /// The root of the current document, once it is complete.
    root: Option<Tree>,
    anchors: Anchors,
    merges: Merges,
    /// The number of keys and values so far.
    nodes: usize,
    /// Whether to reject keys that Argo interprets differently.
    is_portable: bool,
}

/// A list or map that has not ended yet.
#[derive(Debug)]
pub(super) struct Frame {
    /// The items so far, and the start position.
    pub(super) tree: Tree,
    /// In a map, the key whose value comes next.
    key: Option<(String, Range<usize>)>,
    /// Whether the end is explicit, as in flow style.
    has_end: bool,
    anchor: usize,
}

impl Builder {
    /// With `is_portable`, keys that Argo interprets differently are rejected.
    pub(super) fn new(is_portable: bool) -> Self {
        Self { is_portable, ..Self::default() }
    }

    /// Adds a scalar, which may be a key.
    pub(super) fn scalar(
        &mut self,
        text: Cow<'_, str>,
        style: ScalarStyle,
        tag: Option<&Tag>,
        span: Range<usize>,
        anchor: usize,
    ) -> Result<(), Fault> {
        self.count(&span)?;
        if self.is_at_key() {
            if style == ScalarStyle::Plain && text == "<<" {
                self.merges.note(span.start);
            }
            if self.is_portable && style == ScalarStyle::Plain && tag.is_none() {
                portable::key(&text).map_err(|problem| Fault::new(problem).at(&span))?;
            }
            let node = Node::Text(text.into_owned());
            return self.put(Tree { span, node }, anchor);
        }
        let node = scalar::node(text, style, tag).map_err(|problem| Fault::new(problem).at(&span))?;
        self.put(Tree { span, node }, anchor)
    }

    /// Starts a list or map.
    pub(super) fn start(
        &mut self,
        node: Node,
        style: StructureStyle,
        span: Range<usize>,
        anchor: usize,
    ) -> Result<(), Fault> {
        self.count(&span)?;
        if self.frames.len() == DEPTH {
            return Err(Fault::new(too_deep()).at(&span));
        }
        let tree = Tree { span, node };
        if self.is_at_key() {
            return Err(invalid_key(&tree));
        }
        if anchor > 0 {
            self.anchors.begin(anchor, &tree.span, self.frames.iter().map(|frame| &frame.tree))?;
        }
        self.frames.push(Frame { tree, key: None, has_end: style == StructureStyle::Flow, anchor });
        Ok(())
    }

    /// Ends the innermost list or map.
    pub(super) fn end(&mut self, span: &Range<usize>) -> Result<(), Fault> {
        let Some(mut frame) = self.frames.pop() else { return Ok(()) };
        let last = match &frame.tree.node {
            Node::List(items) => items.last().map(|item| item.span.end),
            Node::Map(entries) => entries.last().map(|entry| entry.value.span.end.max(entry.key_span.end)),
            _ => None,
        };
        let end = if frame.has_end { Some(span.end) } else { last };
        frame.tree.span.end = end.unwrap_or(frame.tree.span.end).max(frame.tree.span.start);
        self.anchors.end(frame.anchor);
        self.put(frame.tree, 0)
    }

    /// Adds a copy of the node with the anchor.
    pub(super) fn alias(&mut self, anchor: usize, span: Range<usize>) -> Result<(), Fault> {
        self.count(&span)?;
        let open = self.frames.iter().map(|frame| &frame.tree);
        let node = self.anchors.copy(anchor, open).map_err(|problem| Fault::new(problem).at(&span))?;
        self.put(Tree { span, node }, 0)
    }

    /// Ends the document.
    pub(super) fn end_document(&mut self) -> Result<(), Fault> {
        let mut document = self.root.take().unwrap_or(Tree { span: 0..0, node: Node::Null });
        if !self.merges.is_empty() {
            merge(&mut document, &self.merges)?;
        }
        self.merges = Merges::default();
        self.anchors.end_document();
        self.documents.push(document);
        Ok(())
    }

    fn is_at_key(&self) -> bool {
        self.frames.last().is_some_and(|frame| frame.key.is_none() && matches!(frame.tree.node, Node::Map(_)))
    }

    fn count(&mut self, span: &Range<usize>) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > YAML_NODES {
            return Err(Fault::new(too_many_nodes(YAML_NODES)).at(span));
        }
        Ok(())
    }

    /// Adds the node to the innermost collection, or makes it the root.
    fn put(&mut self, tree: Tree, anchor: usize) -> Result<(), Fault> {
        if anchor > 0 {
            self.anchors.scalar(anchor, &tree)?;
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(tree);
            return Ok(());
        };
        match &mut frame.tree.node {
            Node::Map(entries) => match frame.key.take() {
                Some((key, key_span)) => push(entries, Entry { key, key_span, value: tree }),
                None => match tree.node {
                    Node::Text(key) => frame.key = Some((key, tree.span)),
                    _ => return Err(invalid_key(&tree)),
                },
            },
            Node::List(items) => push(items, tree),
            _ => {}
        }
        Ok(())
    }
}

/// Many lists and maps have only one item, and they use most of the memory of a tree.
fn push<T>(items: &mut Vec<T>, item: T) {
    if items.is_empty() {
        items.reserve_exact(1);
    }
    items.push(item);
}

fn invalid_key(tree: &Tree) -> Fault {
    let message = format!("invalid key: expected a string, found {}", tree.kind());
    Fault::new(Problem::Shape(message)).at(&tree.span)
}
