//! A value that may be absent is given to an input that needs one.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data, maybe: Out<Option<f64>>) {
    p.add(TrainModel::new().processed_data(data.processed_data).learning_rate(maybe));
}

fn main() {}
