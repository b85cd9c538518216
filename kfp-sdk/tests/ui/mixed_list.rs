//! A list mixes handles and constants.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Count, Train};

fn add(p: &Pipeline, train: Train) {
    p.add(Count::new().rows([train.accuracy, 0.5]));
}

fn main() {}
