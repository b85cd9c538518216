//! Arguments of a component's attribute that are texts are numbers.

use kfp_sdk::prelude::*;

#[component(cpu = 2, name = 1, image = 3, cache = 24)]
fn load(path: String) {
    let _ = path;
}

fn main() {}
