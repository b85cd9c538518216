//! The Python file of a component does not define its function.

use kfp_sdk::prelude::*;

#[component(python = "../../train.py")]
fn fit(rows: i64);

fn main() {}
