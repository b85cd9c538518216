//! A required argument is set twice.

mod parts;

use kfp_sdk::prelude::*;
use parts::PreprocessData;

fn add(p: &Pipeline) {
    p.add(PreprocessData::new().raw_data_path("a").raw_data_path("b"));
}

fn main() {}
