//! A text as a tree of nodes that know where they stand.

use std::collections::{HashMap, hash_map};
use std::ops::Range;

use kfp_model::Place;
use serde_json::{Number, Value};

/// A node and the bytes that it takes up.
#[derive(Debug, Clone, PartialEq)]
pub struct Tree {
    /// The bytes of the text that the node takes up.
    pub span: Range<usize>,
    /// What it is.
    pub node: Node,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(String),
    /// Items in their order.
    List(Vec<Tree>),
    /// Members in the order in which they are written; a key may stand twice.
    Map(Vec<Entry>),
}

/// A member of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// The bytes of the text that the key takes up.
    pub key_span: Range<usize>,
    /// What stands under the key.
    pub value: Tree,
}

/// A key that stands twice in one map.
#[derive(Debug)]
pub(super) struct Duplicate<'a> {
    pub(super) key: &'a str,
    pub(super) first: Range<usize>,
    pub(super) second: Range<usize>,
    pub(super) place: Place,
}

impl Tree {
    /// What the node is, for messages.
    pub fn kind(&self) -> &'static str {
        match self.node {
            Node::Null => "nothing",
            Node::Bool(_) => "a truth value",
            Node::Number(_) => "a number",
            Node::Text(_) => "a text",
            Node::List(_) => "a list",
            Node::Map(_) => "an object",
        }
    }

    /// The value of that key, where the node is a map that has it.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        match &self.node {
            Node::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// The text, where the node is one.
    pub fn text(&self) -> Option<&str> {
        match &self.node {
            Node::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, where the node is a list; no items otherwise.
    pub fn items(&self) -> &[Self] {
        match &self.node {
            Node::List(items) => items,
            _ => &[],
        }
    }

    /// The members, where the node is a map; no members otherwise.
    pub fn entries(&self) -> &[Entry] {
        match &self.node {
            Node::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The node as JSON, without where it stands. Of a key that stands twice, the last value counts.
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

    /// Every key that stands twice in one map.
    pub(super) fn duplicates(&self) -> Vec<Duplicate<'_>> {
        let mut found = Vec::new();
        self.collect_duplicates(&mut Vec::new(), &mut found);
        found
    }

    /// Places are made for what is found only: most texts are large before they are wrong.
    fn collect_duplicates<'a>(&'a self, steps: &mut Vec<Step<'a>>, found: &mut Vec<Duplicate<'a>>) {
        match &self.node {
            Node::Map(entries) => {
                let mut first = First::of(entries);
                for (idx, Entry { key, key_span, value }) in entries.iter().enumerate() {
                    steps.push(Step::Key(key));
                    if let Some(first) = first.before(idx) {
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

/// A tree without positions, for a value that was not read from a text.
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

/// Keys of a map that are faster looked through than put into a set.
const FEW: usize = 12;

/// Where a key of a map stands for the first time.
struct First<'a> {
    entries: &'a [Entry],
    /// For maps that are not small, the keys so far.
    seen: Option<HashMap<&'a str, &'a Range<usize>>>,
}

impl<'a> First<'a> {
    fn of(entries: &'a [Entry]) -> Self {
        Self { entries, seen: (entries.len() > FEW).then(HashMap::new) }
    }

    /// Where the key of that member stood before; to be asked for all of them in turn.
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

/// A step from a node to one in it.
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
