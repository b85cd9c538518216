//! A component has a list of output artifacts.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Vec<Output<Dataset>>) {
    let _ = rows;
}

fn main() {}
