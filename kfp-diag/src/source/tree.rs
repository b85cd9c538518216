//! A tree of JSON or YAML nodes with source positions.

use std::collections::{HashMap, hash_map};
use std::ops::Range;

use kfp_model::Place;
use serde_json::{Number, Value};

/// A node and its position.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The byte range of the node in the text.
    pub span: Range<usize>,
    /// The value.
    pub node: Node,
}

/// The value of a node.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// `null`, or a YAML key without a value.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    Text(String),
    /// A list of items.
    List(Vec<Tree>),
    /// Members in source order, possibly with duplicate keys.
    Map(Vec<Entry>),
}

/// A member of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The byte range of the key in the text.
    pub key_span: Range<usize>,
    /// The value of the key.
    pub value: Tree,
}

/// A duplicate key.
#[derive(Debug)]
pub(super) struct Duplicate<'a> {
    pub(super) key: &'a str,
    pub(super) first: Range<usize>,
    pub(super) second: Range<usize>,
    pub(super) place: Place,
}

impl Tree {
    /// Returns the kind of the node for messages, such as `a string`.
    pub fn kind(&self) -> &'static str {
        match self.node {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Number(_) => "a number",
            Node::Text(_) => "a string",
            Node::List(_) => "a list",
            Node::Map(_) => "an object",
        }
    }

    /// Returns the member with the key, if the node is a map that contains it.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.node {
            Node::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// Returns the string, if the node is one.
    pub fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the items of a list; empty for other nodes.
    pub fn items(&self) -> &[Self] {
        match &self.node {
            Node::List(items) => items,
            _ => &[],
        }
    }

    /// Returns the members of a map; empty for other nodes.
    pub fn entries(&self) -> &[Entry] {
        match &self.node {
            Node::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Converts the node to JSON without positions. For duplicate keys, the last value is used.
    pub fn to_json(&self) -> Value {
        match &self.node {
            Node::Null => Value::Null,
            Node::Bool(truth) => Value::Bool(*truth),
            Node::Number(number) => Value::Number(number.clone()),
            Node::Text(text) => Value::String(text.clone()),
            Node::List(items) => items.iter().map(Self::to_json).collect(),
            Node::Map(entries) => Value::Object(
                entries.iter().map(|entry| (entry.key.clone(), entry.value.to_json())).collect(),
            ),
        }
    }

    /// Returns all duplicate keys.
    pub(super) fn duplicates(&self) -> Vec<Duplicate<'_>> {
        let mut found = Vec::new();
        self.collect_duplicates(&mut Vec::new(), &mut found);
        found
    }

    /// Creates places for duplicates only, because most large documents have none.
    fn collect_duplicates<'a>(&'a self, steps: &mut Vec<Step<'a>>, found: &mut Vec<Duplicate<'a>>) {
        match &self.node {
            Node::Map(entries) => {
                let mut firsts = FirstKeys::of(entries);
                for (idx, Entry { key, key_span, value }) in entries.iter().enumerate() {
                    steps.push(Step::Key(key));
                    if let Some(first) = firsts.before(idx) {
                        let (first, second) = (first.clone(), key_span.clone());
                        found.push(Duplicate { key, first, second, place: place(steps) });
                    }
                    value.collect_duplicates(steps, found);
                    steps.pop();
                }
            }
            Node::List(items) => {
                for (idx, item) in items.iter().enumerate() {
                    steps.push(Step::Index(idx));
                    item.collect_duplicates(steps, found);
                    steps.pop();
                }
            }
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => {}
        }
    }
}

/// Creates a tree without positions, for a value that was not parsed from text.
impl From<Value> for Tree {
    fn from(value: Value) -> Self {
        let node = match value {
            Value::Null => Node::Null,
            Value::Bool(truth) => Node::Bool(truth),
            Value::Number(number) => Node::Number(number),
            Value::String(text) => Node::Text(text),
            Value::Array(items) => Node::List(items.into_iter().map(Self::from).collect()),
            Value::Object(members) => {
                let entry =
                    |(key, value): (String, Value)| Entry { key, key_span: 0..0, value: value.into() };
                Node::Map(members.into_iter().map(entry).collect())
            }
        };
        Self { span: 0..0, node }
    }
}

/// The size of a map up to which a linear search is faster than a hash map.
const FEW: usize = 12;

/// The first occurrence of each key in a map.
struct FirstKeys<'a> {
    entries: &'a [Entry],
    /// The keys so far, for maps that are not small.
    seen: Option<HashMap<&'a str, &'a Range<usize>>>,
}

impl<'a> FirstKeys<'a> {
    fn of(entries: &'a [Entry]) -> Self {
        Self { entries, seen: (entries.len() > FEW).then(HashMap::new) }
    }

    /// Returns the first occurrence of the member's key. Must be called for all members in order.
    fn before(&mut self, idx: usize) -> Option<&'a Range<usize>> {
        let Entry { key, key_span, .. } = &self.entries[idx];
        match &mut self.seen {
            None => self.entries[..idx].iter().find(|other| other.key == *key).map(|other| &other.key_span),
            Some(seen) => match seen.entry(key) {
                hash_map::Entry::Occupied(first) => Some(first.get()),
                hash_map::Entry::Vacant(place) => {
                    place.insert(key_span);
                    None
                }
            },
        }
    }
}

/// A step from a node to one of its children.
enum Step<'a> {
    Key(&'a str),
    Index(usize),
}

fn place(steps: &[Step<'_>]) -> Place {
    steps.iter().fold(Place::root(), |place, step| match step {
        Step::Key(key) => place.key(key),
        Step::Index(idx) => place.index(*idx),
    })
}
