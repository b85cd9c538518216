//! The component has no argument of that name.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    p.add(TrainModel::new().processed_data(data.processed_data).lerning_rate(0.1));
}

fn main() {}
