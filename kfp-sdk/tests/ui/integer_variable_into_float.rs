//! A variable of another integer type is passed to a float input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    let epochs: i32 = 3;
    p.add(TrainModel::new().processed_data(data.processed_data).learning_rate(epochs));
}

fn main() {}
