//! A text names a value that does not exist.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline) {
    p.add(Tell::new().message(text!("accuracy: {acuracy}")));
}

fn main() {}
