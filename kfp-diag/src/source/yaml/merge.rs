//! Merge keys (`<<`), which copy the members of other maps.

use std::collections::HashSet;

use crate::source::fault::{Fault, Problem};
use crate::source::tree::{Entry, Node, Tree};

/// The offsets of merge keys. A quoted `<<` is an ordinary key.
#[derive(Debug, Default)]
pub(super) struct Merges(HashSet<usize>);

impl Merges {
    /// Records the offset of a merge key.
    pub(super) fn note(&mut self, start: usize) {
        self.0.insert(start);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn has(&self, entry: &Entry) -> bool {
        entry.key == "<<" && self.0.contains(&entry.key_span.start)
    }
}

/// Replaces every merge key in the document. A map's own members take precedence over merged ones, and earlier maps over
/// later ones.
pub(super) fn merge(document: &mut Tree, merges: &Merges) -> Result<(), Fault> {
    match &mut document.node {
        Node::List(items) => items.iter_mut().try_for_each(|item| merge(item, merges)),
        Node::Map(entries) => {
            entries.iter_mut().try_for_each(|entry| merge(&mut entry.value, merges))?;
            if entries.iter().any(|entry| merges.has(entry)) {
                let (merged, own): (Vec<Entry>, Vec<Entry>) =
                    std::mem::take(entries).into_iter().partition(|entry| merges.has(entry));
                *entries = own;
                let mut keys: HashSet<String> = entries.iter().map(|entry| entry.key.clone()).collect();
                for entry in merged {
                    let members = members(entry.value)?;
                    entries.extend(members.into_iter().filter(|member| keys.insert(member.key.clone())));
                }
            }
            Ok(())
        }
        Node::Null | Node::Bool(_) | Node::Number(_) | Node::Text(_) => Ok(()),
    }
}

/// Returns the members of the map, or of all maps in the list.
fn members(tree: Tree) -> Result<Vec<Entry>, Fault> {
    match tree.node {
        Node::Map(entries) => Ok(entries),
        Node::List(items) if !items.iter().any(|item| matches!(item.node, Node::List(_))) => {
            items.into_iter().map(members).collect::<Result<Vec<_>, _>>().map(|all| all.concat())
        }
        _ => {
            let message = format!("expected a map or a list of maps after `<<`, found {}", tree.kind());
            Err(Fault::new(Problem::Shape(message)).at(&tree.span))
        }
    }
}
