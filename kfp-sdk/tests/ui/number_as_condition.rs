//! A number is used as a condition.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Tell, Train};

fn add(p: &Pipeline, train: Train) {
    p.when("good", train.accuracy, |p| {
        p.add(Tell::new().message("good"));
    });
}

fn main() {}
