//! A parameter is given as if it were an artifact.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Output<f64>) {
    let _ = rows;
}

fn main() {}
