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

    /// The bytes to show for the place: those of the node itself if it stands on one line, else those of what
    /// names it best. Where the place leads out of the tree, the last node on the way is shown.
    pub(crate) fn shown(&self, place: &Place, text: &str) -> Range<usize> {
        let mut key: Option<&Range<usize>> = None;
        let mut current = self;
        for step in place.as_str().split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            match &current.node {
                Node::Map(_) => {
                    let Some(entry) = current.get(&step) else { break };
                    (key, current) = (Some(&entry.key_span), &entry.value);
                }
                Node::List(items) => {
                    let Some(item) = step.parse::<usize>().ok().and_then(|idx| items.get(idx)) else { break };
                    (key, current) = (None, item);
                }
                _ => break,
            }
        }
        current.on_one_line(key, text)
    }

    fn on_one_line(&self, key: Option<&Range<usize>>, text: &str) -> Range<usize> {
        let is_one_line = |span: &Range<usize>| {
            text.get(span.clone()).is_some_and(|shown| !shown.is_empty() && !shown.contains('\n'))
        };
        if is_one_line(&self.span) && !matches!(&self.node, Node::Map(_) | Node::List(_)) {
            return self.span.clone();
        }
        let name = ["name", "id"].into_iter().find_map(|key| self.get(key)).map(|entry| &entry.value.span);
        let whole = Some(&self.span).filter(|span| is_one_line(span));
        let best = key.or(name).or(whole).filter(|span| is_one_line(span));
        best.cloned().unwrap_or_else(|| first_line(&self.span, text))
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

/// The part of the span up to the end of its first line.
fn first_line(span: &Range<usize>, text: &str) -> Range<usize> {
    let shown = text.get(span.clone()).unwrap_or_default();
    let end = shown.find('\n').unwrap_or(shown.len());
    span.start..span.start + shown[..end].trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::json::tree;

    #[test]
    fn what_is_shown_is_the_best_line() {
        let text = "{\"a\": [\n {\"name\": \"x\",\n  \"b\": {\"c\": 1}}\n], \"d~/\": true}";
        let tree = tree(text).unwrap();
        for (place, shown) in [
            ("", "{\"a\": ["),
            ("/a", "\"a\""),
            ("/a/0", "\"x\""),
            ("/a/0/b", "\"b\""),
            ("/a/0/b/c", "1"),
            ("/a/0/b/c/d/e", "1"),
            ("/a/7", "\"a\""),
            ("/d~0~1", "true"),
        ] {
            let place: Place = serde_json::from_value(place.into()).unwrap();
            assert_eq!(&text[tree.shown(&place, text)], shown, "{place}");
        }
    }
}
