//! A list is used in `text!`.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, rows: Out<Vec<f64>>) {
    p.add(Print::new().message(text!("rows: {rows}")));
}

fn main() {}
