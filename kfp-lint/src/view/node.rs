//! A node of a manifest and its place.

use std::borrow::Cow;

use kfp_diag::source::{Node, Tree};
use kfp_model::Place;

/// A YAML node and its place.
#[derive(Debug, Clone)]
pub(crate) struct YamlNode<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) place: Place,
}

impl<'a> YamlNode<'a> {
    /// Returns the value of the key; `None` for null, which Argo treats as not set.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let tree = &self.tree.get(key)?.value;
        (tree.node != Node::Null).then(|| Self { tree, place: self.place.key(key) })
    }

    /// Returns the value at the path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |node, key| node.get(key))
    }

    /// Returns whether the key has a value other than null.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.tree.get(key).is_some_and(|entry| entry.value.node != Node::Null)
    }

    /// Returns the items of the list; none if the node is not a list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let place = self.place.clone();
        self.tree.items().iter().enumerate().map(move |(idx, tree)| Self { tree, place: place.index(idx) })
    }

    /// Returns the items of the list in the key.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.get(key).into_iter().flat_map(|list| list.items())
    }

    /// Returns the members of the map; none if the node is not a map.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let place = self.place.clone();
        self.tree
            .entries()
            .iter()
            .map(move |entry| (entry.key.as_str(), Self { tree: &entry.value, place: place.key(&entry.key) }))
    }

    /// Returns the string unless it is empty, which Argo treats as not set.
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.tree.text().filter(|text| !text.is_empty())
    }

    /// Returns the string in the key unless it is empty.
    pub(crate) fn text_at(&self, key: &str) -> Option<&'a str> {
        self.tree.get(key)?.value.text().filter(|text| !text.is_empty())
    }

    /// Returns whether the value of the key is `true`.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.tree.get(key).is_some_and(|entry| entry.value.node == Node::Bool(true))
    }

    /// Returns the value of a scalar converted to a string, as Argo does.
    pub(crate) fn scalar(&self) -> Option<Cow<'a, str>> {
        match &self.tree.node {
            Node::Text(text) => Some(Cow::Borrowed(text)),
            Node::Number(number) => Some(Cow::Owned(number.to_string())),
            Node::Bool(truth) => Some(Cow::Owned(truth.to_string())),
            Node::Null | Node::List(_) | Node::Map(_) => None,
        }
    }

    /// Returns the place of the member, or of the node itself if the member does not exist.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        if self.tree.get(key).is_some() { self.place.key(key) } else { self.place.clone() }
    }
}
