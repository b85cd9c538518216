//! Fine-tunes a small language model, deploys it if it is good enough, and always notifies the team.
//!
//! Data preparation and training are Python functions; deployment and notification are Rust functions.

mod deploy;
mod notify;
mod python;

use kfp_sdk::prelude::*;

use deploy::DeployModel;
use notify::NotifySlack;
use python::{DownloadPretrainedLlm, PreprocessData, TrainModel};

/// Fine-tunes a model, deploys it if it is good enough, and always notifies the team.
#[pipeline(name = "llm-finetuning-pipeline", version = "1")]
fn training_pipeline(
    p: &Pipeline,
    /// The CSV file with a `text` and a `label` column.
    raw_data_path: In<String>,
    /// The folder to deploy models to.
    model_repo: In<String>,
    /// The webhook URL for the notification.
    slack_webhook: In<Secret>,
    /// The accuracy above which the model is deployed.
    #[default(0.92)]
    deployment_threshold: In<f64>,
    /// The name of the base model.
    #[default("ticket-bert-mini")]
    base_model: In<String>,
    /// The number of training epochs.
    #[default(50)]
    n_epochs: In<i64>,
    /// The version of the deployed model.
    #[default("latest")]
    model_version: In<String>,
) {
    p.exit_handler(|p| {
        let base = p.add(DownloadPretrainedLlm::new().model_name(base_model));
        let data = p.add(
            PreprocessData::new()
                .raw_data_path(raw_data_path)
                .base_model(base.model_dir)
                .validation_split(0.25),
        );
        let train = p
            .add(
                TrainModel::new()
                    .processed_data(data.processed_data)
                    .base_model(base.model_dir)
                    .learning_rate(0.05)
                    .n_epochs(n_epochs),
            )
            .cpu("1")
            .memory("1Gi")
            .timeout("30m")
            .retry(Retry::times(2).backoff("2s", 2.0));
        p.when("check-quality-gate", train.accuracy.gt(deployment_threshold), |p| {
            p.add(
                DeployModel::new()
                    .trained_model(train.trained_model)
                    .model_repo(model_repo)
                    .version(model_version),
            );
        });
        train.accuracy
    })
    .finally(|p, status, accuracy| {
        p.add(
            NotifySlack::new()
                .slack_webhook(slack_webhook)
                .state(status.state())
                .failures(status.failures())
                .accuracy(accuracy),
        )
    });
}

kfp_sdk::main!();

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use kfp_testing::{Fault, Harness, TestRun, assert_workflow, times};

    use super::*;
    use python::Fit;

    /// Runs the pipeline with every step mocked, unless `harness` configures it.
    fn run(harness: Harness) -> TestRun {
        harness.mock_all_others().run(
            TrainingPipeline::new()
                .raw_data_path("tickets.csv")
                .model_repo("models")
                .slack_webhook(Secret::named("slack", "webhook")),
        )
    }

    fn with_accuracy(accuracy: f64) -> Harness {
        Harness::new().mock::<TrainModel>(move |inputs| {
            assert!(inputs.processed_data.path().exists(), "the prepared data exists");
            Ok(Fit { accuracy, loss: 0.1 })
        })
    }

    #[test]
    fn the_workflow_has_not_changed() {
        assert_workflow!(TrainingPipeline);
    }

    #[test]
    fn a_good_model_is_deployed() {
        let run = run(with_accuracy(0.95));
        assert!(run.succeeded());
        assert!(run.task("deploy-model").succeeded());
        assert_eq!(run.task("deploy-model").input("version"), "latest");
        assert_eq!(run.task("notify-slack").input("state"), "Succeeded");
        assert!(run.is_before("preprocess-data", "train-model"));
    }

    #[test]
    fn a_bad_model_is_not_deployed() {
        let run = run(with_accuracy(0.5));
        assert!(run.succeeded());
        assert!(run.task("deploy-model").is_skipped());
        assert_eq!(run.task("notify-slack").input("accuracy"), 0.5);
    }

    #[test]
    fn training_is_retried_with_backoff() {
        let run = run(with_accuracy(0.95).fail::<TrainModel>(Fault::Oom, times(2)));
        assert!(run.succeeded());
        let train = run.task("train-model");
        assert_eq!(train.attempts().len(), 3);
        assert_eq!(train.pauses(), [Duration::from_secs(2), Duration::from_secs(4)]);
        assert!(run.task("deploy-model").succeeded());
    }

    #[test]
    fn the_team_is_notified_if_training_hangs() {
        let run = run(with_accuracy(0.95).fail::<TrainModel>(Fault::Hang, times(3)));
        assert!(run.failed());
        assert!(run.task("deploy-model").is_omitted());
        let failures = run.task("notify-slack").input("failures");
        assert_eq!(failures[0]["message"], "the step ran longer than its timeout of 30m");
        assert!(run.task("notify-slack").input("accuracy").is_null());
    }
}
