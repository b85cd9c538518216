//! The name of a component's type is none.

use kfp_sdk::prelude::*;

#[component(type = "load-data")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
