//! Places in a document, and locations in Rust source.

use std::borrow::Cow;
use std::fmt;
use std::panic;

use serde::{Deserialize, Serialize};

/// A JSON pointer (RFC 6901) to a node of a document, such as `/pipelines/0/root/tasks/3`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct Place(String);

/// A location in Rust source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "json-schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// The path of the file as rustc reports it, usually relative to the root of the workspace.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

impl Place {
    /// Returns the place of the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns the place of the member `key` of this node.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        if key.contains(['~', '/']) {
            return self.with(&key.replace('~', "~0").replace('/', "~1"));
        }
        self.with(key)
    }

    /// Returns the place of the element `idx` of this node, counted from 0.
    #[must_use]
    pub fn index(&self, idx: usize) -> Self {
        self.with(&idx.to_string())
    }

    /// Returns the place of a part of this node, whose place is relative to the node.
    #[must_use]
    pub fn join(&self, part: &Self) -> Self {
        Self(format!("{self}{part}"))
    }

    /// Creates the place with a single allocation, because large documents have very many places.
    fn with(&self, segment: &str) -> Self {
        let mut text = String::with_capacity(self.0.len() + 1 + segment.len());
        text.push_str(&self.0);
        text.push('/');
        text.push_str(segment);
        Self(text)
    }

    /// Returns the place of the parent node; `None` for the whole document.
    pub fn parent(&self) -> Option<Self> {
        self.0.rfind('/').map(|end| Self(self.0[..end].to_owned()))
    }

    /// Returns the keys and indices from the root to the node, decoded.
    ///
    /// ```
    /// let place = kfp_model::Place::root().key("labels").key("a/b").index(2);
    /// assert_eq!(place.steps().collect::<Vec<_>>(), ["labels", "a/b", "2"]);
    /// ```
    pub fn steps(&self) -> impl Iterator<Item = Cow<'_, str>> {
        let decoded = |step: &str| step.replace("~1", "/").replace("~0", "~");
        self.0
            .split('/')
            .skip(1)
            .map(move |step| if step.contains('~') { Cow::Owned(decoded(step)) } else { Cow::Borrowed(step) })
    }

    /// Returns the JSON pointer.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Location {
    /// Converts the location of a caller, which `#[track_caller]` provides.
    pub fn of(caller: &panic::Location<'_>) -> Self {
        Self { file: caller.file().to_owned(), line: caller.line(), column: caller.column() }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_escaped_as_in_json_pointers() {
        let task = Place::root().key("pipelines").index(0).key("tasks").index(3);
        assert_eq!(task.key("a/b~").as_str(), "/pipelines/0/tasks/3/a~1b~0");
        assert_eq!(task.join(&Place::root().key("a/b")).as_str(), "/pipelines/0/tasks/3/a~1b");
    }
}
