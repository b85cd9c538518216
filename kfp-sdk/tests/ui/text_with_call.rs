//! An expression stands in a text.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, rate: Out<f64>) {
    p.add(Tell::new().message(text!("{f(rate)}")));
}

fn main() {}
