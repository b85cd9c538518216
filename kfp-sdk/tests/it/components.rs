//! The components that the tests share.

use kfp_sdk::prelude::*;

/// Preprocess raw data and split it into train and validation sets.
#[component(
    python = "tests/it/components/preprocess.py",
    image = "python:3.11-slim",
    packages = ["pandas==2.2.3", "scikit-learn==1.5.2"],
)]
pub(crate) fn preprocess_data(
    raw_data_path: String,
    processed_data: Output<Dataset>,
    #[default(0.2)] validation_split: f64,
);

/// The metrics of a trained model.
#[derive(Outputs)]
pub(crate) struct Fit {
    /// The share of rows with the correct label.
    pub accuracy: f64,
    pub loss: f64,
}

/// Train a model on preprocessed data.
#[component(cpu = "1", memory = "2Gi")]
pub(crate) fn train_model(
    /// The rows.
    processed_data: Input<Dataset>,
    trained_model: Output<Model>,
    #[default(0.01)] learning_rate: f64,
    #[default(32)] batch_size: i64,
    #[default(50)] n_epochs: u32,
) -> Result<Fit> {
    let rows = std::fs::read_to_string(processed_data.path()).map_err(Error::data)?;
    std::fs::write(trained_model.path(), rows.as_bytes())?;
    trained_model.metadata("framework", "smartcore");
    trained_model.metadata("epochs", n_epochs);
    Ok(Fit { accuracy: learning_rate, loss: f64::from(i32::try_from(batch_size)?) })
}

/// Deploy a model.
#[component]
pub(crate) fn deploy_model(
    trained_model: Input<Model>,
    model_repo: String,
    #[default("latest")] version: String,
) {
    let _ = (trained_model, model_repo, version);
}

/// Notify the team.
#[component]
pub(crate) fn notify_slack(
    slack_webhook: Secret,
    status: State,
    failures: Vec<Failure>,
    accuracy: Option<f64>,
) -> Result<()> {
    let _ = (slack_webhook.expose()?, status, failures, accuracy);
    Ok(())
}

/// Write a greeting with a shell command.
#[component(
    image = "alpine:3.20",
    command = ["sh", "-c", "echo \"$0\" > \"$1\""],
    args = ["{inputs.name}", "{outputs.greeting.path}"],
)]
#[output(greeting)]
pub(crate) fn hello(name: String) -> String;

#[derive(Param, Debug, Clone, PartialEq)]
pub(crate) struct Trial {
    /// The learning rate.
    pub lr: f64,
    pub bs: i64,
    pub kind: Option<Kind>,
}

#[derive(Param, Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    #[kfp(rename = "fast")]
    Fast,
    Careful,
}

#[component(name = "log-hpo-metrics")]
pub(crate) fn log_hpo_metrics(model_id: String, accuracy: f64, hyperparams: Trial) {
    let _ = (model_id, accuracy, hyperparams);
}

/// Choose the best model.
#[component(retry = Retry::times(2).backoff("10s", 2.0), timeout = "1h", cache = "24h", cache_version = "2")]
#[output(count)]
pub(crate) fn select_best(
    accuracies: Vec<Vec<f64>>,
    models: Vec<Vec<Input<Model>>>,
    best: Output<Model>,
) -> Result<i64> {
    let _ = (accuracies, best);
    Ok(i64::try_from(models.len())?)
}

/// Train in a notebook.
#[component(notebook = "tests/it/components/train.ipynb", image = "python:3.11-slim", packages = ["pandas==2.2.3"])]
pub(crate) fn train_in_notebook(rows: Input<Dataset>, model: Output<Model>, #[default(0.1)] rate: f64)
-> f64;

mod shadowing {
    use kfp_sdk::prelude::*;

    /// Has the same name as a variable in the generated code.
    #[component]
    pub(super) fn step() -> i64 {
        1
    }

    /// Has the same name as a variable in the generated code.
    #[pipeline]
    pub(super) fn p(p: &Pipeline) -> Out<i64> {
        p.add(Step::new()).output
    }
}

#[test]
fn functions_may_have_names_of_generated_variables() {
    assert_eq!(shadowing::P::definition().problems, []);
}
