//! A condition is used in an `if` while the pipeline is built.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Print, Train};

fn add(p: &Pipeline, train: Train) {
    if train.accuracy.gt(0.9) {
        p.add(Print::new().message("good"));
    }
}

fn main() {}
