//! Artifacts that a step gives.

use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value as Json};

use crate::value::{ArtifactKind, ClassificationMetrics, Metrics};

/// An artifact that a step gives: it writes a file or folder to [`path`](Self::path).
pub struct Output<T: ArtifactKind> {
    path: PathBuf,
    uri: String,
    metadata: Metadata,
    kind: PhantomData<fn() -> T>,
}

/// What a step tells about an artifact, shared with the runtime.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(Arc<Mutex<Map<String, Json>>>);

impl Metadata {
    fn set(&self, name: &str, value: Json) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), value);
    }

    pub(super) fn entries(&self) -> Map<String, Json> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl<T: ArtifactKind> Output<T> {
    /// An artifact that is written to a path, for unit tests of steps.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    /// let output = Output::<Model>::to_path("model.bin");
    /// output.metadata("framework", "smartcore");
    /// assert_eq!(output.path().to_str(), Some("model.bin"));
    /// ```
    pub fn to_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let uri = path.to_string_lossy().into_owned();
        Self::new(path, uri, Metadata::default())
    }

    pub(super) fn new(path: PathBuf, uri: String, metadata: Metadata) -> Self {
        Self { path, uri, metadata, kind: PhantomData }
    }

    /// Where the file or folder has to be written. The folder around it exists.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the artifact will be kept.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Tells something about the artifact.
    pub fn metadata(&self, name: &str, value: impl Into<Json>) {
        self.metadata.set(name, value.into());
    }
}

impl Output<Metrics> {
    /// Tells a number.
    pub fn log_metric(&self, name: &str, value: f64) {
        self.metadata(name, value);
    }
}

impl Output<ClassificationMetrics> {
    /// Tells a confusion matrix: a row for each true category, in which the predicted ones are counted.
    pub fn log_confusion_matrix(&self, categories: &[&str], counts: &[Vec<u64>]) {
        let specs: Vec<Json> =
            categories.iter().map(|name| serde_json::json!({"displayName": name})).collect();
        let rows: Vec<Json> = counts.iter().map(|row| serde_json::json!({"row": row})).collect();
        self.metadata("confusionMatrix", serde_json::json!({"annotationSpecs": specs, "rows": rows}));
    }
}

impl<T: ArtifactKind> fmt::Debug for Output<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("path", &self.path).field("uri", &self.uri).finish_non_exhaustive()
    }
}
