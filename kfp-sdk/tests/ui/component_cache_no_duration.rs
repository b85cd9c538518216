//! The cache setting of a component is not a duration.

use kfp_sdk::prelude::*;

#[component(cache = "soon")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
