//! Conditions are combined with `&&`.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Print, Train};

fn add(p: &Pipeline, train: Train) {
    p.when("good", train.accuracy.gt(0.9) && train.loss.lt(0.1), |p| {
        p.add(Print::new().message("good"));
    });
}

fn main() {}
