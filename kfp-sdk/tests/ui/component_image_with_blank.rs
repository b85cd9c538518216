//! The image of a component contains a space.

use kfp_sdk::prelude::*;

#[component(image = "python 3.11")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
