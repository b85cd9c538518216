//! The name of a component has characters that are not allowed.

use kfp_sdk::prelude::*;

#[component(name = "Load Data")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
