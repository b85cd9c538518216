//! A parameter of a pipeline has a type that it cannot carry.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rows: In<u64>) {
    let _ = (p, rows);
}

fn main() {}
