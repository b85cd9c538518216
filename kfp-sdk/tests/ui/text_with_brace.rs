//! A brace in `text!` is not closed.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, rate: Out<f64>) {
    p.add(Print::new().message(text!("{rate")));
}

fn main() {}
