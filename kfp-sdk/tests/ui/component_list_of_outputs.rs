//! The number of artifacts that a component gives is not fixed.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Vec<Output<Dataset>>) {
    let _ = rows;
}

fn main() {}
