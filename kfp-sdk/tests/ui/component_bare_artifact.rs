//! A component takes an artifact by its kind.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Dataset) {
    let _ = rows;
}

fn main() {}
