//! The processor time of a component is no quantity.

use kfp_sdk::prelude::*;

#[component(cpu = "lots")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
