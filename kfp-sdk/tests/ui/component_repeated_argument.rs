//! An argument of the attribute is duplicate.

use kfp_sdk::prelude::*;

#[component(cpu = "1", cpu = "2")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
