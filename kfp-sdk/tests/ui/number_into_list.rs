//! One number is given to an input that takes a list.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Count, Train};

fn add(p: &Pipeline, train: Train) {
    p.add(Count::new().rows(train.accuracy));
}

fn main() {}
