//! An argument of the attribute has no value.

use kfp_sdk::prelude::*;

#[component(cache)]
fn load(path: String) {
    let _ = path;
}

fn main() {}
