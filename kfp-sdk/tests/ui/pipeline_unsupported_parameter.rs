//! A parameter of a pipeline has an unsupported type.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rows: In<u64>) {
    let _ = (p, rows);
}

fn main() {}
