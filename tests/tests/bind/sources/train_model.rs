use kfp_sdk::prelude::*;

/// Train a model on preprocessed data.
#[component(
    python = "tests/bind/sources/component.py",
    function = "trainModel",
    image = "python:3.11-slim",
    packages = ["pandas==2.2.3", "scikit-learn==1.5.2"],
    pip_index = "https://pypi.org/simple",
)]
pub fn train_model(
    /// The rows, with a `label` column.
    dataset: Input<Dataset>,
    /// The model.
    model: Output<Model>,
    /// How far one step goes.
    #[default(0.01)] learning_rate: f64,
    #[default(50)] n_epochs: i64,
) -> f64;
