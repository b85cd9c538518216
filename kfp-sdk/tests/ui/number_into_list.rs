//! A number is passed to a list input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Count, Train};

fn add(p: &Pipeline, train: Train) {
    p.add(Count::new().rows(train.accuracy));
}

fn main() {}
