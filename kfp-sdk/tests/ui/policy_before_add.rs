//! A policy is set on a call instead of the task.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, TrainModel};

fn add(p: &Pipeline, data: Data) {
    p.add(TrainModel::new().processed_data(data.processed_data).memory("1Gi"));
}

fn main() {}
