//! The type of a component is added instead of a call.

mod parts;

use kfp_sdk::prelude::*;
use parts::TrainModel;

fn add(p: &Pipeline) {
    p.add(TrainModel);
}

fn main() {}
