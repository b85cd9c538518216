//! A component with a command has a body.

use kfp_sdk::prelude::*;

#[component(image = "alpine", command = ["sh"])]
fn load(path: String) {
    let _ = path;
}

fn main() {}
