//! A number is used as a condition.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Print, Train};

fn add(p: &Pipeline, train: Train) {
    p.when("good", train.accuracy, |p| {
        p.add(Print::new().message("good"));
    });
}

fn main() {}
