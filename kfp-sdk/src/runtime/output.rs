//! Artifacts that a step gives.

use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value as Json};

use super::artifact::{ArtifactKind, ClassificationMetrics, Metrics};
use super::mismatch::Mismatch;
use super::param::Param as _;

/// An artifact that a step gives: it writes a file or folder to [`path`](Self::path).
pub struct Output<T: ArtifactKind> {
    path: PathBuf,
    uri: String,
    metadata: Metadata,
    kind: PhantomData<fn() -> T>,
}

/// What a step tells about an artifact, shared with the runtime.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(Arc<Mutex<Told>>);

/// What has been told so far, and the first part of it that cannot be written.
#[derive(Debug, Clone, Default)]
struct Told {
    entries: Map<String, Json>,
    mismatch: Option<Mismatch>,
}

impl Metadata {
    fn set(&self, name: &str, value: Result<Json, Mismatch>) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Ok(json) => {
                told.entries.insert(name.to_owned(), json);
            }
            Err(mismatch) => {
                told.mismatch.get_or_insert(mismatch.at_field(name));
            }
        }
    }

    /// Adds to the list of that name.
    fn push(&self, name: &str, value: Result<Json, Mismatch>) {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Ok(json) => match told.entries.get_mut(name) {
                Some(Json::Array(items)) => items.push(json),
                _ => {
                    told.entries.insert(name.to_owned(), Json::Array(vec![json]));
                }
            },
            Err(mismatch) => {
                told.mismatch.get_or_insert(mismatch.at_field(name));
            }
        }
    }

    /// All that has been told.
    ///
    /// # Errors
    /// A part of it cannot be written as JSON.
    pub(super) fn entries(&self) -> Result<Map<String, Json>, Mismatch> {
        let Told { entries, mismatch } = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        mismatch.map_or(Ok(entries), Err)
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
        self.metadata.set(name, Ok(value.into()));
    }
}

impl Output<Metrics> {
    /// Tells a number. One that JSON does not have, as NaN, fails the step when it ends.
    pub fn log_metric(&self, name: &str, value: f64) {
        self.metadata.set(name, value.encode());
    }
}

impl Output<ClassificationMetrics> {
    /// Tells a point of a ROC curve: the shares of negatives and of positives that are taken for positives at a
    /// threshold. A number that JSON does not have, as an infinite threshold, fails the step when it ends.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    /// let metrics = Output::<ClassificationMetrics>::to_path("metrics");
    /// for (false_positives, true_positives, threshold) in [(0.0, 0.5, 0.9), (0.25, 1.0, 0.5), (1.0, 1.0, 0.0)] {
    ///     metrics.log_roc_point(false_positives, true_positives, threshold);
    /// }
    /// metrics.log_confusion_matrix(&["cat", "dog"], &[vec![8, 1], vec![2, 9]]);
    /// ```
    pub fn log_roc_point(&self, false_positive_rate: f64, true_positive_rate: f64, threshold: f64) {
        let point = || {
            Ok(serde_json::json!({
                "confidenceThreshold": threshold.encode()?,
                "falsePositiveRate": false_positive_rate.encode()?,
                "recall": true_positive_rate.encode()?,
            }))
        };
        self.metadata.push("confidenceMetrics", point());
    }

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
