//! The retry of a component is a string.

use kfp_sdk::prelude::*;

#[component(retry = "3")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
