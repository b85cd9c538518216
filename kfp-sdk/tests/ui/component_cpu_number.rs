//! A number of cores is invalid.

use kfp_sdk::prelude::*;

#[component(cpu = 0.0)]
fn load(path: String) {
    let _ = path;
}

#[component(cpu = 2)]
fn store(path: String) {
    let _ = path;
}

fn main() {}
