//! A node of a manifest together with its place.

use std::borrow::Cow;

use kfp_diag::source::{Node, Tree};
use kfp_model::Place;

/// A node and where it is written.
#[derive(Debug, Clone)]
pub(crate) struct Spot<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) place: Place,
}

impl<'a> Spot<'a> {
    /// What stands under the key; nothing where that is null, which is the same to Argo.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let tree = &self.tree.get(key)?.value;
        (tree.node != Node::Null).then(|| Self { tree, place: self.place.key(key) })
    }

    /// What stands at the end of the path of keys.
    pub(crate) fn at(&self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self.clone(), |spot, key| spot.get(key))
    }

    /// Whether anything but null stands under the key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.tree.get(key).is_some_and(|entry| entry.value.node != Node::Null)
    }

    /// The items of the list, without any if the node is no list.
    pub(crate) fn items(&self) -> impl Iterator<Item = Self> + use<'a> {
        let place = self.place.clone();
        self.tree.items().iter().enumerate().map(move |(idx, tree)| Self { tree, place: place.index(idx) })
    }

    /// The items of the list under the key.
    pub(crate) fn list(&self, key: &str) -> impl Iterator<Item = Self> + use<'a> {
        self.get(key).into_iter().flat_map(|list| list.items())
    }

    /// The members of the map, without any if the node is no map.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&'a str, Self)> + use<'a> {
        let place = self.place.clone();
        self.tree
            .entries()
            .iter()
            .map(move |entry| (entry.key.as_str(), Self { tree: &entry.value, place: place.key(&entry.key) }))
    }

    /// The text, if the node is one that is not empty: an empty one is the same as none to Argo.
    pub(crate) fn text(&self) -> Option<&'a str> {
        self.tree.text().filter(|text| !text.is_empty())
    }

    /// The text under the key, if there is one that is not empty.
    pub(crate) fn text_at(&self, key: &str) -> Option<&'a str> {
        self.tree.get(key)?.value.text().filter(|text| !text.is_empty())
    }

    /// Whether `true` stands under the key.
    pub(crate) fn is_true(&self, key: &str) -> bool {
        self.tree.get(key).is_some_and(|entry| entry.value.node == Node::Bool(true))
    }

    /// The value of a scalar as the text that Argo makes of it.
    pub(crate) fn scalar(&self) -> Option<Cow<'a, str>> {
        match &self.tree.node {
            Node::Text(text) => Some(Cow::Borrowed(text)),
            Node::Number(number) => Some(Cow::Owned(number.to_string())),
            Node::Bool(truth) => Some(Cow::Owned(truth.to_string())),
            Node::Null | Node::List(_) | Node::Map(_) => None,
        }
    }

    /// The place of the member, or of the node itself if it is not there: what a message points at.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        if self.tree.get(key).is_some() { self.place.key(key) } else { self.place.clone() }
    }
}
