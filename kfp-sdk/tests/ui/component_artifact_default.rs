//! An artifact has a default.

use kfp_sdk::prelude::*;

#[component]
fn load(#[default("x")] rows: Input<Dataset>) {
    let _ = rows;
}

fn main() {}
