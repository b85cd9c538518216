//! Arguments of the attribute are numbers instead of strings.

use kfp_sdk::prelude::*;

#[component(cpu = true, name = 1, image = 3, cache = 24)]
fn load(path: String) {
    let _ = path;
}

fn main() {}
