//! A component is a Python function and has a body.

use kfp_sdk::prelude::*;

#[component(python = "../../train.py")]
fn train(rows: i64) {
    let _ = rows;
}

fn main() {}
