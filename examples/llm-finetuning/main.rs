//! Fine-tunes a small language model, deploys it when it is good enough, and always tells the team.
//!
//! Data preparation and training are Python functions, deployment and notification are Rust functions; the
//! graph below is all that ties them together.

mod deploy;
mod notify;
mod python;

use kfp_sdk::prelude::*;

use deploy::DeployModel;
use notify::NotifySlack;
use python::{DownloadPretrainedLlm, PreprocessData, TrainModel};

/// Fine-tune a model, deploy it when it is good enough, always tell the team.
#[pipeline(name = "llm-finetuning-pipeline", version = "1")]
fn training_pipeline(
    p: &Pipeline,
    /// The CSV file with a `text` and a `label` column.
    raw_data_path: In<String>,
    /// The folder that deployed models are copied to.
    model_repo: In<String>,
    /// The address that is told how the run ended.
    slack_webhook: In<Secret>,
    /// What the accuracy must exceed for the model to be deployed.
    #[default(0.92)]
    deployment_threshold: In<f64>,
    /// The base model to start from.
    #[default("ticket-bert-mini")]
    base_model: In<String>,
    /// How often training goes through all rows.
    #[default(50)]
    n_epochs: In<i64>,
    /// The version that the deployed model gets.
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
