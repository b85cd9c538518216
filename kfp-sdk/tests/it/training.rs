//! Realistic pipelines and their documents.

use kfp_sdk::prelude::*;

use crate::components::{
    DeployModel, LogHpoMetrics, NotifySlack, PreprocessData, SelectBest, TrainModel, Trial,
};

/// Fine-tune a model, deploy it if it is good enough, and always notify the team.
#[pipeline(name = "llm-finetuning-pipeline", version = "2")]
pub(crate) fn training_pipeline(
    p: &Pipeline,
    raw_data_path: In<String>,
    model_repo: In<String>,
    slack_webhook: In<Secret>,
    #[default(0.92)] deployment_threshold: In<f64>,
) {
    p.exit_handler(|p| {
        let data = p.add(PreprocessData::new().raw_data_path(raw_data_path));
        let train = p
            .add(TrainModel::new().processed_data(data.processed_data).learning_rate(0.001))
            .cpu("4")
            .memory("16Gi")
            .gpu("nvidia.com/gpu", 1)
            .retry(Retry::times(3).backoff("30s", 2.0).cap("10m"))
            .env_from_secret("MLFLOW_TRACKING_URI", "mlflow", "uri");
        p.when("check-quality-gate", train.accuracy.gt(deployment_threshold), |p| {
            p.add(
                DeployModel::new()
                    .trained_model(train.trained_model)
                    .model_repo(model_repo)
                    .version("latest"),
            );
        });
        train.accuracy
    })
    .finally(|p, status, accuracy| {
        p.add(
            NotifySlack::new()
                .slack_webhook(slack_webhook)
                .status(status.state())
                .failures(status.failures())
                .accuracy(accuracy),
        )
    });
}

#[pipeline(name = "hpo-pipeline")]
#[output(best)]
pub(crate) fn hpo(
    p: &Pipeline,
    raw_data_path: In<String>,
    #[default(vec![0.1, 0.01, 0.001])] learning_rates: In<Vec<f64>>,
) -> Out<Model> {
    let data = p.add(PreprocessData::new().raw_data_path(raw_data_path));
    let (accuracies, models) = p.parallel_for(learning_rates).parallelism(3).each(|p, lr| {
        p.parallel_for([16, 32, 64]).parallelism(3).each(|p, bs| {
            let t =
                p.add(TrainModel::new().processed_data(data.processed_data).learning_rate(lr).batch_size(bs));
            p.add(
                LogHpoMetrics::new()
                    .model_id(text!("lr-{lr}-bs-{bs}"))
                    .accuracy(t.accuracy)
                    .hyperparams(Trial::of(lr, bs, None)),
            );
            (t.accuracy, t.trained_model)
        })
    });
    p.add(SelectBest::new().accuracies(accuracies).models(models)).best
}

/// Formats the document for review.
fn indented(document: &kfp_model::Document) -> String {
    serde_json::to_string_pretty(document).unwrap() + "\n"
}

#[test]
fn training_document() {
    let document = TrainingPipeline::definition();
    assert_eq!(document.problems, []);
    insta::assert_snapshot!(indented(&document));
}

#[test]
fn nested_loops_document() {
    let document = Hpo::definition();
    assert_eq!(document.problems, []);
    insta::assert_snapshot!(indented(&document));
}

#[test]
fn documents_round_trip() {
    for document in [TrainingPipeline::definition(), Hpo::definition()] {
        assert_eq!(kfp_model::Document::from_json(&document.to_json()).unwrap(), document);
    }
}

#[test]
fn documents_are_reproducible() {
    assert_eq!(TrainingPipeline::definition().to_json(), TrainingPipeline::definition().to_json());
}
