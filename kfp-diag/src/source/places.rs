//! Finds the bytes to show for a place.
//!
//! The main type is [`Places`]. It caches line breaks and sorted keys of large maps, so that a report about every
//! member of a map takes little longer than a report about one.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use kfp_model::Place;

use super::tree::{Entry, Node, Tree};

/// The size of a map up to which a linear search is faster than sorting.
const FEW: usize = 32;

/// A lookup from places to bytes, with cached facts about one text and its tree.
#[derive(Debug, Default)]
pub struct Places {
    /// The offsets of the line breaks.
    breaks: OnceLock<Vec<usize>>,
    /// The members of large maps, sorted by key. The key is the address of the map's entries.
    sorted: Mutex<HashMap<usize, Arc<[u32]>>>,
}

impl Places {
    /// Returns the bytes to show for the place: the node itself if it is on one line, else its key or name. If the place
    /// does not exist in the tree, the nearest ancestor is shown.
    ///
    /// Call this with the same tree and text each time, and do not move the tree in memory between calls.
    pub fn shown(&self, tree: &Tree, place: &Place, text: &str) -> Range<usize> {
        let mut key: Option<&Range<usize>> = None;
        let mut current = tree;
        for step in place.steps() {
            match &current.node {
                Node::Map(entries) => {
                    let Some(entry) = self.member(entries, &step) else { break };
                    (key, current) = (Some(&entry.key_span), &entry.value);
                }
                Node::List(items) => {
                    let Some(item) = step.parse::<usize>().ok().and_then(|idx| items.get(idx)) else { break };
                    (key, current) = (None, item);
                }
                _ => break,
            }
        }
        self.on_one_line(current, key, text)
    }

    fn on_one_line(&self, tree: &Tree, key: Option<&Range<usize>>, text: &str) -> Range<usize> {
        let is_one_line = |span: &Range<usize>| !span.is_empty() && self.line_end(span, text) == span.end;
        if is_one_line(&tree.span) && !matches!(&tree.node, Node::Map(_) | Node::List(_)) {
            return tree.span.clone();
        }
        let name = ["name", "id"].into_iter().find_map(|key| tree.get(key)).map(|entry| &entry.value.span);
        let best = key.or(name).or(Some(&tree.span)).filter(|span| is_one_line(span));
        best.cloned().unwrap_or_else(|| self.first_line(&tree.span, text))
    }

    /// Returns the part of the span on its first line.
    fn first_line(&self, span: &Range<usize>, text: &str) -> Range<usize> {
        let end = self.line_end(span, text);
        let shown = text.get(span.start..end).unwrap_or_default();
        span.start..span.start + shown.trim_end().len()
    }

    /// Returns the end of the span or of its first line, whichever comes first.
    fn line_end(&self, span: &Range<usize>, text: &str) -> usize {
        let breaks = self.breaks.get_or_init(|| text.match_indices('\n').map(|(idx, _)| idx).collect());
        let next = breaks.partition_point(|at| *at < span.start);
        breaks.get(next).map_or(span.end, |at| span.end.min(*at))
    }

    /// Returns the first member with the key.
    fn member<'t>(&self, entries: &'t [Entry], key: &str) -> Option<&'t Entry> {
        if entries.len() <= FEW {
            return entries.iter().find(|entry| entry.key == key);
        }
        let sorted = self.sorted(entries);
        let at = |idx: &u32| &entries[*idx as usize];
        let first = sorted.partition_point(|idx| at(idx).key.as_str() < key);
        sorted.get(first).map(at).filter(|entry| entry.key == key)
    }

    fn sorted(&self, entries: &[Entry]) -> Arc<[u32]> {
        let mut known = self.sorted.lock().unwrap_or_else(PoisonError::into_inner);
        let sorted = known.entry(entries.as_ptr().addr()).or_insert_with(|| {
            let mut sorted: Vec<u32> = (0..).take(entries.len()).collect();
            // Equal keys stay in their order.
            sorted.sort_by_key(|idx| entries[*idx as usize].key.as_str());
            sorted.into()
        });
        Arc::clone(sorted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::json::tree;

    #[test]
    fn the_most_specific_line_is_shown() {
        let text = "{\"a\": [\n {\"name\": \"x\",\n  \"b\": {\"c\": 1}}\n], \"d~/\": true}";
        let tree = tree(text).unwrap();
        let places = Places::default();
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
            assert_eq!(&text[places.shown(&tree, &place, text)], shown, "{place}");
        }
    }

    #[test]
    fn members_of_large_maps_are_found() {
        let members: Vec<String> =
            (0..2 * FEW).rev().map(|idx| format!("\"k{idx}\": {{\"a\": {idx}}}")).collect();
        let text = format!("{{\"m\": {{{}, \"k1\": {{\"a\": 0}}}}}}", members.join(",\n"));
        let tree = tree(&text).unwrap();
        let places = Places::default();
        for idx in 0..2 * FEW {
            let place = Place::root().key("m").key(&format!("k{idx}")).key("a");
            assert_eq!(text[places.shown(&tree, &place, &text)], idx.to_string());
        }
        let place = Place::root().key("m").key("other");
        assert_eq!(&text[places.shown(&tree, &place, &text)], "\"m\"");
    }
}
