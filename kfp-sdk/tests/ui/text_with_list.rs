//! A list is put into a text.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, rows: Out<Vec<f64>>) {
    p.add(Tell::new().message(text!("rows: {rows}")));
}

fn main() {}
