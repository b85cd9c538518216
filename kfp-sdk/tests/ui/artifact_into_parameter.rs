//! An artifact is passed to a parameter input.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, Print};

fn add(p: &Pipeline, data: Data) {
    p.add(Print::new().message(data.processed_data));
}

fn main() {}
