//! The pipeline `__PIPELINE__`: prepares data, trains a model, and publishes the model if it is good enough.

mod prepare;
mod publish;
#[cfg(test)]
mod tests;
mod train;

use kfp_sdk::prelude::*;

use prepare::PrepareData;
use publish::PublishModel;
use train::TrainModel;

/// Prepares data, trains a model, and publishes the model if it is good enough.
#[pipeline(name = "__PIPELINE__", version = "1")]
pub fn training_pipeline(
    p: &Pipeline,
    /// The number of examples to learn from.
    #[default(200)]
    rows: In<i64>,
    /// The R² score that a model must exceed to be published.
    #[default(0.9)]
    threshold: In<f64>,
) -> Out<f64> {
    let data = p.add(PrepareData::new().rows(rows));
    let train = p
        .add(TrainModel::new().data(data.data))
        .memory("256Mi")
        .retry(2);
    p.when("is-good-enough", train.output.gt(threshold), |p| {
        p.add(PublishModel::new().model(train.model).score(train.output));
    });
    train.output
}

kfp_sdk::main!();
