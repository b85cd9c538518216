//! The CPU of a component is not a quantity.

use kfp_sdk::prelude::*;

#[component(cpu = "lots")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
