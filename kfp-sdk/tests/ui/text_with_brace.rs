//! A brace in a text is not closed.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, rate: Out<f64>) {
    p.add(Tell::new().message(text!("{rate")));
}

fn main() {}
