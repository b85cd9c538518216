//! A component with a Python function has a body.

use kfp_sdk::prelude::*;

#[component(python = "../../train.py")]
fn train(rows: i64) {
    let _ = rows;
}

fn main() {}
