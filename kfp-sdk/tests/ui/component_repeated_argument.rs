//! An argument of a component's attribute is given twice.

use kfp_sdk::prelude::*;

#[component(cpu = "1", cpu = "2")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
