//! The Python file of a component does not exist.

use kfp_sdk::prelude::*;

#[component(python = "components/train.py")]
fn train(rows: i64);

fn main() {}
