//! An option is passed to an input that requires a value.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data, maybe: Out<Option<f64>>) {
    p.add(TrainModel::new().processed_data(data.processed_data).learning_rate(maybe));
}

fn main() {}
