//! The Python file does not define the function that the component names.

use kfp_sdk::prelude::*;

#[component(python = "../../train.py", function = "trian")]
fn fit(rows: i64);

fn main() {}
