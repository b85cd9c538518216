//! A dataset is passed to an input for a model.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, DeployModel};

fn add(p: &Pipeline, data: Data) {
    p.add(DeployModel::new().trained_model(data.processed_data).model_repo("models"));
}

fn main() {}
