//! A component returns an artifact.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Input<Dataset>) -> Input<Dataset> {
    rows
}

fn main() {}
