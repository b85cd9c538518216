//! A constant text is given to an input that takes a number.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    p.add(TrainModel::new().processed_data(data.processed_data).learning_rate("fast"));
}

fn main() {}
