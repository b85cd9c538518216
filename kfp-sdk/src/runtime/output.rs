//! Output artifacts of a step.

use std::fmt;
use std::fs::File;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Map, Value as Json};

use super::artifact::{ArtifactKind, ClassificationMetrics, Metrics};
use super::error::Result;
use super::mismatch::Mismatch;
use super::param::Param as _;
use super::write::unwritable;

/// An output artifact of a step, which writes a file or folder to [`path`](Self::path).
pub struct Output<T: ArtifactKind> {
    path: PathBuf,
    uri: String,
    metadata: Metadata,
    kind: PhantomData<fn() -> T>,
}

/// The metadata of an artifact, which the step's function and the runtime share.
#[derive(Debug, Clone, Default)]
pub(super) struct Metadata(Arc<Mutex<MetadataState>>);

/// The entries so far, and the first mismatch.
#[derive(Debug, Clone, Default)]
struct MetadataState {
    entries: Map<String, Json>,
    mismatch: Option<Mismatch>,
}

impl Metadata {
    fn set(&self, name: &str, value: Result<Json, Mismatch>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Ok(json) => {
                state.entries.insert(name.to_owned(), json);
            }
            Err(mismatch) => {
                state.mismatch.get_or_insert(mismatch.at_field(name));
            }
        }
    }

    /// Appends to the list of that name.
    fn push(&self, name: &str, value: Result<Json, Mismatch>) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Ok(json) => match state.entries.get_mut(name) {
                Some(Json::Array(items)) => items.push(json),
                _ => {
                    state.entries.insert(name.to_owned(), Json::Array(vec![json]));
                }
            },
            Err(mismatch) => {
                state.mismatch.get_or_insert(mismatch.at_field(name));
            }
        }
    }

    /// Returns whether no entry was set, also no invalid one.
    pub(super) fn is_empty(&self) -> bool {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.entries.is_empty() && state.mismatch.is_none()
    }

    /// Returns all entries.
    ///
    /// # Errors
    /// An entry cannot be represented in JSON.
    pub(super) fn entries(&self) -> Result<Map<String, Json>, Mismatch> {
        let MetadataState { entries, mismatch } =
            self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        mismatch.map_or(Ok(entries), Err)
    }
}

impl<T: ArtifactKind> Output<T> {
    /// Returns an artifact that is written to a path, for unit tests of steps.
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

    /// Returns the path where the step must write the file or folder. The parent folder exists.
    ///
    /// [`Metrics`] and [`ClassificationMetrics`] with metadata need no file: their file is then empty.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file. The error contains the path.
    ///
    /// ```
    /// use kfp_sdk::prelude::*;
    ///
    /// /// Write a greeting.
    /// #[component]
    /// fn greet(name: String, greeting: Output<Markdown>) -> Result<()> {
    ///     greeting.write(format!("# Hello {name}"))
    /// }
    /// ```
    ///
    /// # Errors
    /// The file cannot be written. The class is "unknown".
    pub fn write(&self, content: impl AsRef<[u8]>) -> Result<()> {
        std::fs::write(&self.path, content).map_err(|error| unwritable(&self.path, &error))
    }

    /// Creates the file, for writing it in parts. The error contains the path.
    ///
    /// # Errors
    /// The file cannot be created. The class is "unknown".
    pub fn create(&self) -> Result<File> {
        File::create(&self.path).map_err(|error| unwritable(&self.path, &error))
    }

    /// Returns the URI where the artifact will be stored.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// Sets a metadata value.
    pub fn metadata(&self, name: &str, value: impl Into<Json>) {
        self.metadata.set(name, Ok(value.into()));
    }
}

impl<T: ArtifactKind> AsRef<Path> for Output<T> {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

impl Output<Metrics> {
    /// Logs a number; the step need not write a file. If JSON cannot represent the number, such as NaN, the step fails
    /// when it ends.
    pub fn log_metric(&self, name: &str, value: f64) {
        self.metadata.set(name, value.encode());
    }
}

impl Output<ClassificationMetrics> {
    /// Logs a point of a ROC curve: the false positive rate and the true positive rate at a threshold.
    ///
    /// If JSON cannot represent a number, such as an infinite threshold, the step fails when it ends.
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

    /// Logs a confusion matrix. Each row belongs to a true category and contains the counts of the predicted ones.
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
