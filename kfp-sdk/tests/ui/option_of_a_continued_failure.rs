//! The output of a task that may fail is passed to an input that requires a value.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    let train = p.add(TrainModel::new().processed_data(data.processed_data)).continue_on_failure();
    p.add(TrainModel::new().processed_data(data.processed_data).learning_rate(train.accuracy));
}

fn main() {}
