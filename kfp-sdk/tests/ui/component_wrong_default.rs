//! The default of a parameter has another type.

use kfp_sdk::prelude::*;

#[component]
fn load(#[default("many")] rows: i64) {
    let _ = rows;
}

fn main() {}
