//! An input artifact has a parameter type.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Input<f64>) {
    let _ = rows;
}

fn main() {}
