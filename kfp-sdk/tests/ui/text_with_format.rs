//! A value in `text!` has a format.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, rate: Out<f64>) {
    p.add(Print::new().message(text!("{rate:.2}")));
}

fn main() {}
