//! YAML with positions, in bounded time.

use std::ops::Range;
use std::thread;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;
use serde_saphyr::{Error, Location, Options, Spanned};

use super::fault::{Fault, Problem};
use super::form::{BYTES, DEPTH, DOCUMENTS, YAML_NODES};
use super::tree::{Entry, Node, Tree};

/// Nodes that aliases can name.
const ANCHORS: usize = 5_000;

/// Events that aliases may stand for, all together.
const ALIASED: usize = YAML_NODES / 4;

/// The library calls itself for every level of nesting, and needs up to 40 KiB each time.
const STACK: usize = 16 * 1024 * 1024;

/// The tree of a YAML text.
pub(super) fn tree(text: &str) -> Result<Tree, Fault> {
    with_stack(|| parse(text))
}

/// The trees of all documents of a YAML text; those that hold nothing are left out.
pub(super) fn trees(text: &str) -> Result<Vec<Tree>, Fault> {
    with_stack(|| {
        let documents: Vec<Spanned<Bare>> =
            serde_saphyr::from_multiple_with_options(text, options(DOCUMENTS))
                .map_err(|error| fault(text, &error))?;
        Ok(documents.into_iter().map(tree_of).collect())
    })
}

/// Reads on a thread with enough room for the deepest text that is accepted.
fn with_stack<T: Send>(read: impl FnOnce() -> Result<T, Fault> + Send) -> Result<T, Fault> {
    let too_much = || Fault::new(Problem::TooMuch("there is no memory left for it".to_owned()));
    thread::scope(|scope| {
        let reader = thread::Builder::new().stack_size(STACK).spawn_scoped(scope, read);
        reader.map_err(|_| too_much())?.join().map_err(|_| too_much())?
    })
}

fn parse(text: &str) -> Result<Tree, Fault> {
    serde_saphyr::from_str_with_options(text, options(2)).map(tree_of).map_err(|error| fault(text, &error))
}

fn tree_of(document: Spanned<Bare>) -> Tree {
    let Spanned { value: Bare(node), referenced, .. } = document;
    Tree { span: span_of(&referenced, &node), node }
}

fn options(documents: usize) -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: DEPTH,
            flow_nesting_limit: DEPTH,
            max_nodes: YAML_NODES,
            max_events: 2 * YAML_NODES,
            max_total_scalar_bytes: BYTES,
            max_documents: documents,
            // What aliases expand to is limited; how often one text is meant is not.
            enforce_alias_anchor_ratio: false,
            max_anchors: ANCHORS,
        },
        alias_limits: serde_saphyr::alias_limits! { max_total_replayed_events: ALIASED },
        // Keys that stand twice are found in the tree, as they are in JSON.
        duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::PassThrough,
        strict_booleans: true,
        emit_comments: false,
        with_snippet: false,
    }
}

/// Why the text is no YAML, or more than is read.
fn fault(text: &str, error: &Error) -> Fault {
    let problem = match error {
        Error::MultipleDocuments { .. } => Problem::SeveralDocuments,
        Error::Budget { breach, .. } => too_much(&format!("{breach:?}")),
        Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => too_much("Aliases"),
        Error::RecursiveReferencesRequireWeakTypes { .. } => {
            let message = "an alias stands within what it stands for".to_owned();
            Problem::Syntax { notation: "YAML", message }
        }
        other => in_our_words(first_line(&other.to_string())),
    };
    let fault = Fault::new(problem);
    match error.location() {
        Some(location) => fault.at(&error_span(text, &location)),
        None => fault,
    }
}

/// What is told by its message alone.
fn in_our_words(message: String) -> Problem {
    if let Some(breach) = message.strip_prefix("budget breached: ") {
        return too_much(breach);
    }
    if message.contains("limit exceeded") {
        let is_about_aliases = message.contains("alias") || message.contains("replay");
        return too_much(if is_about_aliases { "Aliases" } else { "Depth" });
    }
    match message.strip_prefix("non-finite float `").and_then(|rest| rest.split('`').next()) {
        Some(number) => Problem::Shape(format!("`{number}` is no number: NaN and infinities travel nowhere")),
        None => Problem::Syntax { notation: "YAML", message },
    }
}

/// What there is too much of, by the library's name of its limit.
fn too_much(limit: &str) -> Problem {
    let name = limit.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    Problem::TooMuch(match name {
        "Depth" => format!("it is nested more than {DEPTH} deep"),
        "Nodes" | "Events" => format!("it has more than {YAML_NODES} values"),
        "Documents" => format!("it has more than {DOCUMENTS} documents"),
        "Aliases" | "ScalarBytes" => "its aliases expand to too much".to_owned(),
        "Anchors" => format!("it has more than {ANCHORS} anchors"),
        "MergeKeys" => "it merges too many maps".to_owned(),
        _ => "there is too much of it".to_owned(),
    })
}

/// Where an error is; the scanner's own errors have a line and a column only.
fn error_span(text: &str, location: &Location) -> Range<usize> {
    if location.span().byte_offset().is_some() {
        let span = span(location);
        let start = span.start.min(text.len());
        return start..span.end.clamp(start, text.len());
    }
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    let start: usize = text.split_inclusive('\n').take(number(location.line())).map(str::len).sum();
    let line = text[start..].lines().next().unwrap_or_default();
    let column = line.char_indices().nth(number(location.column())).map_or(line.len(), |(idx, _)| idx);
    start + column..start + column
}

/// The message without the position, which is shown as such.
fn first_line(message: &str) -> String {
    let message = message.lines().next().unwrap_or_default();
    let message = message.split(" at line ").next().unwrap_or_default();
    let without_prefix =
        message.split_once(": ").filter(|(start, _)| start.starts_with("line ")).map(|(_, rest)| rest);
    without_prefix.unwrap_or(message).to_owned()
}

fn span(location: &Location) -> Range<usize> {
    let span = location.span();
    let number = |number: Option<u64>| usize::try_from(number.unwrap_or(0)).unwrap_or(0);
    let start = number(span.byte_offset());
    start..start + number(span.byte_len())
}

/// Maps and lists start where their first node does; they end with their last one.
fn span_of(location: &Location, node: &Node) -> Range<usize> {
    let own = span(location);
    let last = match node {
        Node::List(items) => items.last().map(|item| item.span.end),
        Node::Map(entries) => entries.last().map(|entry| entry.value.span.end),
        _ => None,
    };
    own.start..own.end.max(last.unwrap_or(own.end))
}

/// A node whose position is known to what is around it.
struct Bare(Node);

impl<'de> Deserialize<'de> for Bare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor).map(Self)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a value that JSON can hold")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Node, E> {
        Number::from_f64(value).map(Node::Number).ok_or_else(|| E::custom("the number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(Spanned { value: Bare(node), referenced, .. }) = access.next_element()? {
            items.push(Tree { span: span_of(&referenced, &node), node });
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Node, A::Error> {
        let mut entries = Vec::new();
        while let Some(key) = access.next_key::<Spanned<String>>()? {
            let Spanned { value: Bare(node), referenced, .. } = access.next_value()?;
            let value = Tree { span: span_of(&referenced, &node), node };
            entries.push(Entry { key: key.value, key_span: span(&key.referenced), value });
        }
        Ok(Node::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_know_where_they_stand() {
        let text = "a:\n  - 1\n  - {b: two}\nc: no\n";
        let tree = tree(text).unwrap();
        let shown = |span: &Range<usize>| text[span.clone()].to_owned();
        assert_eq!(shown(&tree.get("c").unwrap().value.span), "no");
        assert_eq!(tree.get("c").unwrap().value.node, Node::Text("no".to_owned()));
        assert_eq!(shown(&tree.get("a").unwrap().key_span), "a");
        let Node::List(items) = &tree.get("a").unwrap().value.node else { panic!("a list") };
        assert_eq!(shown(&items[0].span), "1");
        assert_eq!(shown(&items[1].get("b").unwrap().value.span), "two");
    }
}
