//! The image of a component is empty.

use kfp_sdk::prelude::*;

#[component(image = "")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
