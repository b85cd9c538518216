//! An artifact is given to an input that takes a parameter.

mod parts;

use kfp_sdk::prelude::*;
use parts::{Data, Tell};

fn add(p: &Pipeline, data: Data) {
    p.add(Tell::new().message(data.processed_data));
}

fn main() {}
