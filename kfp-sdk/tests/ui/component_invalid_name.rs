//! The name of a component has invalid characters.

use kfp_sdk::prelude::*;

#[component(name = "Load Data")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
