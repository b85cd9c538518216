//! The `gpu` argument of a component is a string.

use kfp_sdk::prelude::*;

#[component(gpu = "1")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
