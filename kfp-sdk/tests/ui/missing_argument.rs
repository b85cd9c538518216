//! A required argument is missing.

mod parts;

use kfp_sdk::prelude::*;
use parts::TrainModel;

fn add(p: &Pipeline) {
    p.add(TrainModel::new().learning_rate(0.1));
}

fn main() {}
