//! The type name of a component is invalid.

use kfp_sdk::prelude::*;

#[component(type = "load-data")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
