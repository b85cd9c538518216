//! Input artifacts of a step.

use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value as Json};

use super::artifact::ArtifactKind;

/// An input artifact of a step: a file or folder with metadata.
pub struct Input<T: ArtifactKind> {
    path: PathBuf,
    entry: Map<String, Json>,
    kind: PhantomData<fn() -> T>,
}

impl<T: ArtifactKind> Input<T> {
    /// Returns the artifact at a path, for unit tests of steps.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    /// let input = Input::<Dataset>::from_path("rows.csv");
    /// assert_eq!(input.path().to_str(), Some("rows.csv"));
    /// assert_eq!(input.uri(), "rows.csv");
    /// ```
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let uri = Json::from(path.to_string_lossy().into_owned());
        Self::of(path, Map::from_iter([("uri".to_owned(), uri)]))
    }

    /// Returns the artifact whose value in transit is `entry`.
    pub(crate) fn of(path: PathBuf, entry: Map<String, Json>) -> Self {
        Self { path, entry, kind: PhantomData }
    }

    /// Returns the path of the file or folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the URI where the artifact is stored.
    pub fn uri(&self) -> &str {
        self.text("uri")
    }

    /// Returns the name of the artifact, which is set by the step that wrote it.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    /// Returns a metadata value that the step that wrote the artifact has set.
    pub fn metadata(&self, name: &str) -> Option<&Json> {
        self.entry.get("metadata")?.get(name)
    }

    fn text(&self, key: &str) -> &str {
        self.entry.get(key).and_then(Json::as_str).unwrap_or_default()
    }
}

impl<T: ArtifactKind> fmt::Debug for Input<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input").field("path", &self.path).field("uri", &self.uri()).finish_non_exhaustive()
    }
}
