//! A parameter of a component has an attribute that means nothing.

use kfp_sdk::prelude::*;

#[component]
fn load(#[defualt(3)] rows: i64) {
    let _ = rows;
}

fn main() {}
