//! A component without a cache has a cache version.

use kfp_sdk::prelude::*;

#[component(cache = false, cache_version = "2")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
