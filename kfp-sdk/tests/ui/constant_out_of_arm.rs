//! One arm of a branch returns a handle, the other a constant.

mod parts;

use kfp_sdk::prelude::*;
use parts::Train;

fn add(p: &Pipeline, train: Train) {
    let _ = p.when("good", train.accuracy.gt(0.9), |_| train.accuracy).otherwise(|_| 0.5);
}

fn main() {}
