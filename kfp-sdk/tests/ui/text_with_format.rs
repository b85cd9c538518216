//! A value in a text has a format.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, rate: Out<f64>) {
    p.add(Tell::new().message(text!("{rate:.2}")));
}

fn main() {}
