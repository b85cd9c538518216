//! Steps that log metrics without writing a file.

use std::collections::BTreeMap;
use std::fs;

use kfp_sdk::prelude::*;

/// Log the accuracy of a model.
#[component]
pub(crate) fn log_accuracy(accuracy: f64, metrics: Output<Metrics>) {
    metrics.log_metric("accuracy", accuracy);
}

/// Log a point of a ROC curve and a confusion matrix.
#[component]
pub(crate) fn log_classes(classes: Output<ClassificationMetrics>) {
    classes.log_roc_point(0.25, 1.0, 0.5);
    classes.log_confusion_matrix(&["cat", "dog"], &[vec![8, 1], vec![2, 9]]);
}

/// Log the accuracy of a model, unless it is zero.
#[component]
pub(crate) fn log_above_zero(accuracy: f64, metrics: Option<Output<Metrics>>) {
    if let Some(metrics) = metrics.filter(|_| accuracy > 0.0) {
        metrics.log_metric("accuracy", accuracy);
    }
}

/// Log nothing although metrics are expected.
#[component]
pub(crate) fn log_nothing(metrics: Output<Metrics>) {
    let _ = metrics;
}

/// Set the metadata of a model that is not written.
#[component]
pub(crate) fn describe_model(model: Output<Model>) {
    model.metadata("framework", "none");
}

/// What a step reads from metrics.
#[derive(Outputs)]
pub(crate) struct MetricsRead {
    /// The content of the file.
    pub content: String,
    /// The metadata.
    pub metadata: BTreeMap<String, serde_json::Value>,
}

/// Read the file and the metadata of metrics.
#[component]
pub(crate) fn read_metrics(metrics: Input<Artifact>, names: Vec<String>) -> Result<MetricsRead> {
    let value = |name: String| metrics.metadata(&name).cloned().map(|value| (name, value));
    let metadata = names.into_iter().filter_map(value).collect();
    Ok(MetricsRead { content: fs::read_to_string(metrics.path())?, metadata })
}

/// Log the accuracy of a model.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_log_accuracy(accuracy: f64, metrics: Output<Metrics>);

/// Log a point of a ROC curve and a confusion matrix.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_log_classes(classes: Output<ClassificationMetrics>);

/// Log the accuracy of a model, unless it is zero.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_log_above_zero(accuracy: f64, metrics: Option<Output<Metrics>>);

/// Log nothing although metrics are expected.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_log_nothing(metrics: Output<Metrics>);

/// Set the metadata of a model that is not written.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_describe_model(model: Output<Model>);

/// Read the file and the metadata of metrics.
#[component(python = "conformance/components/steps.py")]
pub(crate) fn python_read_metrics(metrics: Input<Artifact>) -> MetricsRead;

/// Log the accuracy of a model.
#[component(notebook = "conformance/components/accuracy.ipynb")]
pub(crate) fn notebook_log_accuracy(accuracy: f64, metrics: Output<Metrics>);

/// Write no metrics.
#[component(image = "busybox:1.36", command = ["sh", "-c", "test -n \"$0\""], args = ["{outputs.metrics.path}"])]
pub(crate) fn container_log_nothing(metrics: Output<Metrics>);

/// Count the bytes of the file of metrics.
#[component(image = "busybox:1.36", command = ["sh", "-c", "test -f \"$0\" && wc -c < \"$0\" > \"$1\""], args = ["{inputs.metrics.path}", "{outputs.bytes.path}"])]
#[output(bytes)]
pub(crate) fn container_measure(metrics: Input<Metrics>) -> i64;
