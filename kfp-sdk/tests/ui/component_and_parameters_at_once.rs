//! The attribute and a parameter of a component have errors, and both are reported.

use kfp_sdk::prelude::*;

#[component(cpu = "lots")]
fn load(path: &str, rows: u64) {
    let _ = (path, rows);
}

fn main() {}
