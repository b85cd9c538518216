//! A parameter is taken as if it were an artifact.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Input<f64>) {
    let _ = rows;
}

fn main() {}
