//! Metrics: what is kept about each trial, for people who compare them.

use std::fs;

use kfp_sdk::prelude::*;
use serde_json::json;

use crate::trial::Trial;

/// Keep what is known about a trial as metrics.
#[component(cpu = "100m", memory = "64Mi")]
pub(crate) fn log_hpo_metrics(
    /// What the trial is called.
    model_id: String,
    /// What was tried.
    hyperparameters: Trial,
    /// The share of validation rows that are told right.
    accuracy: f64,
    /// The mean of the squared errors.
    loss: f64,
    /// All of it.
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
    fs::write(metrics.path(), serde_json::to_vec_pretty(&text)?)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn metrics_are_a_file_as_well() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("metrics");
        let trial = Trial { learning_rate: 0.5, depth: 2 };
        log_hpo_metrics("a".to_owned(), trial, 0.9, 0.1, Output::to_path(&path)).unwrap();
        let told: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!(told["accuracy"], json!(0.9));
        assert_eq!(told["depth"], json!(2));
    }
}
