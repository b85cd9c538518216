//! The image of a component has no name.

use kfp_sdk::prelude::*;

#[component(image = "")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
