//! A loop iterates over a number.

mod parts;

use kfp_sdk::prelude::*;
use parts::Train;

fn add(p: &Pipeline, train: Train) {
    p.parallel_for(train.accuracy).each(|_, _: Out<f64>| ());
}

fn main() {}
