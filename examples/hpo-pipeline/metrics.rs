//! Logs the metrics of each trial.

use kfp_sdk::prelude::*;
use serde_json::json;

use crate::trial::Trial;

/// Logs the hyperparameters and results of a trial as metrics.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn log_hpo_metrics(
    /// The name of the trial.
    model_id: String,
    /// The hyperparameters of the trial.
    hyperparameters: Trial,
    /// The fraction of validation rows that are classified correctly.
    accuracy: f64,
    /// The mean squared error.
    loss: f64,
    /// The logged metrics, also as a JSON file.
    metrics: Output<Metrics>,
) -> Result<()> {
    metrics.metadata("model_id", model_id.as_str());
    metrics.metadata("depth", hyperparameters.depth);
    metrics.log_metric("learning_rate", hyperparameters.learning_rate);
    metrics.log_metric("accuracy", accuracy);
    metrics.log_metric("loss", loss);
    let text = json!({
        "model_id": model_id,
        "learning_rate": hyperparameters.learning_rate,
        "depth": hyperparameters.depth,
        "accuracy": accuracy,
        "loss": loss,
    });
    metrics.write(serde_json::to_vec_pretty(&text)?)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::*;

    #[test]
    fn metrics_are_written_to_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics");
        let trial = Trial { learning_rate: 0.5, depth: 2 };
        log_hpo_metrics("a".to_owned(), trial, 0.9, 0.1, Output::to_path(&path)).unwrap();
        let written: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!(written["accuracy"], json!(0.9));
        assert_eq!(written["depth"], json!(2));
    }
}
