//! The attribute of a component has unknown arguments.

use kfp_sdk::prelude::*;

#[component(memmory = "1Gi", colour = "red")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
