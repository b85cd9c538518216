//! A condition is asked while the pipeline is built.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Tell, Train};

fn add(p: &Pipeline, train: Train) {
    if train.accuracy.gt(0.9) {
        p.add(Tell::new().message("good"));
    }
}

fn main() {}
