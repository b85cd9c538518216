//! A parameter of a component has an unknown attribute.

use kfp_sdk::prelude::*;

#[component]
fn load(#[defualt(3)] rows: i64) {
    let _ = rows;
}

fn main() {}
