//! The components that the cases share.

use kfp_sdk::prelude::*;

#[component]
pub fn preprocess_data(raw_data_path: String, processed_data: Output<Dataset>) {
    let _ = (raw_data_path, processed_data);
}

#[derive(Outputs)]
pub struct Fit {
    pub accuracy: f64,
    pub loss: f64,
}

#[component]
pub fn train_model(
    processed_data: Input<Dataset>,
    trained_model: Output<Model>,
    #[default(0.01)] learning_rate: f64,
    #[default(32)] batch_size: i64,
) -> Fit {
    let _ = (processed_data, trained_model, learning_rate, batch_size);
    Fit { accuracy: 0.0, loss: 0.0 }
}

#[component]
pub fn deploy_model(trained_model: Input<Model>, model_repo: String, #[default("latest")] version: String) {
    let _ = (trained_model, model_repo, version);
}

#[component]
pub fn print(message: String) {
    let _ = message;
}

#[component]
#[output(count)]
pub fn count(rows: Vec<f64>) -> i64 {
    let _ = rows;
    0
}

pub type Data = Task<PreprocessDataOutputs>;
pub type Train = Task<TrainModelOutputs>;
