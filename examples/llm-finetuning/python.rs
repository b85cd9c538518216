//! The interfaces of the Python steps, which the pipeline is type-checked against.

use kfp_sdk::prelude::*;

/// Downloads the base model.
#[component(
    python = "llm-finetuning/components/download.py",
    cache = "24h",
    retry = 2,
    cpu = "100m",
    memory = "128Mi"
)]
pub(crate) fn download_pretrained_llm(
    /// The name of the base model.
    model_name: String,
    /// The configuration and vocabulary of the model.
    model_dir: Output<Model>,
);

/// Converts raw tickets to features of the base model, split into training and validation rows.
#[component(
    python = "llm-finetuning/components/preprocess.py",
    packages = [
        "pandas==2.2.3",
        "numpy==2.0.2; python_version < '3.10'",
        "numpy==2.1.3; python_version >= '3.10'",
    ],
    cpu = "500m",
    memory = "512Mi"
)]
pub(crate) fn preprocess_data(
    /// The CSV file with a `text` and a `label` column.
    raw_data_path: String,
    /// The base model.
    base_model: Input<Model>,
    /// A folder with `train.csv` and `validation.csv`.
    processed_data: Output<Dataset>,
    /// The fraction of rows used for validation.
    #[default(0.2)]
    validation_split: f64,
);

/// The quality of a trained model.
#[derive(Outputs)]
pub(crate) struct Fit {
    /// The fraction of validation rows that are labelled correctly.
    pub(crate) accuracy: f64,
    /// The log loss on the validation rows.
    pub(crate) loss: f64,
}

/// Fine-tunes the base model.
#[component(
    python = "llm-finetuning/components/train.py",
    packages = [
        "pandas==2.2.3",
        "scikit-learn==1.5.2",
        "numpy==2.0.2; python_version < '3.10'",
        "numpy==2.1.3; python_version >= '3.10'",
        "scipy==1.13.1; python_version < '3.10'",
        "scipy==1.14.1; python_version >= '3.10'",
    ]
)]
pub(crate) fn train_model(
    /// The features of the training and validation rows.
    processed_data: Input<Dataset>,
    /// The base model.
    base_model: Input<Model>,
    /// The weights and the vocabulary, as JSON.
    trained_model: Output<Model>,
    /// The step size of gradient descent.
    #[default(0.01)]
    learning_rate: f64,
    /// The number of training epochs.
    #[default(50)]
    n_epochs: i64,
) -> Fit;
