//! The devices of a component are a text.

use kfp_sdk::prelude::*;

#[component(gpu = "1")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
