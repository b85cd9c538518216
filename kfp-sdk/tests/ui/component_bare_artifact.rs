//! A component takes an artifact kind without `Input`.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: Dataset) {
    let _ = rows;
}

fn main() {}
