//! An artifact that a component gives is optional.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Option<Output<Dataset>>) {
    let _ = rows;
}

fn main() {}
