//! The attribute of a component has arguments that do not exist.

use kfp_sdk::prelude::*;

#[component(memmory = "1Gi", colour = "red")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
