//! A number is given to an input that takes a text.

mod parts;

use kfp_sdk::prelude::*;
use parts::{PreprocessData, Train};

fn add(p: &Pipeline, train: Train) {
    p.add(PreprocessData::new().raw_data_path(train.accuracy));
}

fn main() {}
