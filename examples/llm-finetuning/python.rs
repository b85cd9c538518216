//! The steps that are Python functions: their interfaces, by which the pipeline is checked.

use kfp_sdk::prelude::*;

/// Fetch the model that fine-tuning starts from.
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
    /// Configuration and vocabulary of the model.
    model_dir: Output<Model>,
);

/// Turn raw tickets into features of the base model, split into training and validation rows.
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
    /// The model whose features are made.
    base_model: Input<Model>,
    /// A folder with `train.csv` and `validation.csv`.
    processed_data: Output<Dataset>,
    /// The share of rows that is held out.
    #[default(0.2)]
    validation_split: f64,
);

/// What training tells about a model.
#[derive(Outputs)]
pub(crate) struct Fit {
    /// The share of validation rows that are labelled right.
    pub(crate) accuracy: f64,
    /// The log loss on the validation rows.
    pub(crate) loss: f64,
}

/// Fine-tune the base model.
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
    /// The features to learn from.
    processed_data: Input<Dataset>,
    /// The model that is fine-tuned.
    base_model: Input<Model>,
    /// The weights, as JSON.
    trained_model: Output<Model>,
    /// How far one step goes.
    #[default(0.01)]
    learning_rate: f64,
    /// How often training goes through all rows.
    #[default(50)]
    n_epochs: i64,
) -> Fit;
