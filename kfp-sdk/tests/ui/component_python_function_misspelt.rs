//! The function that a component names is not in the Python file.

use kfp_sdk::prelude::*;

#[component(python = "../../train.py", function = "trian")]
fn fit(rows: i64);

fn main() {}
