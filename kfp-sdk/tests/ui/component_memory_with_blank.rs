//! The memory of a component ends with a space.

use kfp_sdk::prelude::*;

#[component(memory = "16GB ")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
