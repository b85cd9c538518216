//! An output artifact has a parameter type.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Output<f64>) {
    let _ = rows;
}

fn main() {}
