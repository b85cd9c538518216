//! A parameter is passed to an artifact input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Train, TrainModel};

fn add(p: &Pipeline, train: Train) {
    p.add(TrainModel::new().processed_data(train.accuracy));
}

fn main() {}
