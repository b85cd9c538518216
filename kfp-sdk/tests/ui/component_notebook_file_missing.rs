//! The notebook of a component does not exist.

use kfp_sdk::prelude::*;

#[component(notebook = "notebooks/train.ipynb")]
fn train(rows: i64);

fn main() {}
