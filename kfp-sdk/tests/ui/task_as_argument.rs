//! A task is passed to an input instead of one of its outputs.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    p.add(TrainModel::new().processed_data(data));
}

fn main() {}
