//! A constant is out of the range of its input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    p.add(TrainModel::new().processed_data(data.processed_data).batch_size(10_000_000_000_000_000_000));
}

fn main() {}
