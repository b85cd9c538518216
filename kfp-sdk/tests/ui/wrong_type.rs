//! A number is passed to a string input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{PreprocessData, Train};

fn add(p: &Pipeline, train: Train) {
    p.add(PreprocessData::new().raw_data_path(train.accuracy));
}

fn main() {}
