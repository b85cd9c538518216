//! A string is passed to a number input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    p.add(TrainModel::new().processed_data(data.processed_data).learning_rate("fast"));
}

fn main() {}
