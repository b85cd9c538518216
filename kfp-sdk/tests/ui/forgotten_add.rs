//! A call is never added to the pipeline.

#![deny(unused_must_use)]

mod parts;

use parts::{Data, TrainModel};

fn add(data: Data) {
    TrainModel::new().processed_data(data.processed_data);
}

fn main() {}
