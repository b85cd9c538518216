//! An output of a call that was never added.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

fn add(p: &Pipeline, data: Data) {
    let train = TrainModel::new().processed_data(data.processed_data);
    p.when("good", train.accuracy.gt(0.9), |p| p.add(Print::new().message("good")));
}

fn main() {}
