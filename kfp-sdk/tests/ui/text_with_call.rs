//! `text!` contains an expression that is not a name or field.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, rate: Out<f64>) {
    p.add(Print::new().message(text!("{f(rate)}")));
}

fn main() {}
