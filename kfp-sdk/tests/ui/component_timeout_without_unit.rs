//! The timeout of a component has no unit.

use kfp_sdk::prelude::*;

#[component(timeout = "5")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
