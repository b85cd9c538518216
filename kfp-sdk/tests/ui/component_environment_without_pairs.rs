//! The environment of a component is not a list of pairs.

use kfp_sdk::prelude::*;

#[component(env = ["A", ("B",)])]
fn load(path: String) {
    let _ = path;
}

fn main() {}
