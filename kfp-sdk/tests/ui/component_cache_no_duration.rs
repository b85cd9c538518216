//! The cache setting of a component is no duration.

use kfp_sdk::prelude::*;

#[component(cache = "soon")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
