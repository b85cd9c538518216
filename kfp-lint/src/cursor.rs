//! The current position of a walk through a document: a chain of steps, converted to a `Place` on demand.

use kfp_model::Place;

/// The path to a node of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cursor<'a> {
    parent: Option<&'a Cursor<'a>>,
    step: Step<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'a> {
    /// A node whose place is known.
    At(&'a Place),
    Key(&'a str),
    Index(usize),
}

impl<'a> Cursor<'a> {
    /// Points at a document of a file.
    pub(crate) fn document(idx: usize) -> Self {
        Self { parent: None, step: Step::Index(idx) }
    }

    /// Starts at a node whose place is known.
    pub(crate) fn at(place: &'a Place) -> Self {
        Self { parent: None, step: Step::At(place) }
    }

    pub(crate) fn key<'b>(&'b self, key: &'b str) -> Cursor<'b> {
        Cursor { parent: Some(self), step: Step::Key(key) }
    }

    pub(crate) fn index(&self, idx: usize) -> Cursor<'_> {
        Cursor { parent: Some(self), step: Step::Index(idx) }
    }

    /// Returns the place, for diagnostics.
    pub(crate) fn place(&self) -> Place {
        let parent = self.parent.map_or_else(Place::root, Cursor::place);
        match self.step {
            Step::At(place) => place.clone(),
            Step::Key(key) => parent.key(key),
            Step::Index(idx) => parent.index(idx),
        }
    }

    /// Returns the key of the node, or the key of the list that contains it; `None` for the document.
    pub(crate) fn name(&self) -> Option<&'a str> {
        match self.step {
            Step::Key(key) => Some(key),
            Step::At(_) => None,
            Step::Index(_) => self.parent?.name(),
        }
    }

    /// Describes the node in messages: `` `container` ``, ``an item of `templates` ``, `the document`.
    pub(crate) fn describe(&self) -> String {
        match (self.step, self.name()) {
            (Step::Key(key), _) => format!("`{key}`"),
            (Step::At(_) | Step::Index(_), Some(name)) => format!("an item of `{name}`"),
            (Step::At(_) | Step::Index(_), None) => "the document".to_owned(),
        }
    }
}
