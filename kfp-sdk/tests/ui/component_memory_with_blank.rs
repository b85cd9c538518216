//! The memory of a component ends with a blank.

use kfp_sdk::prelude::*;

#[component(memory = "16GB ")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
