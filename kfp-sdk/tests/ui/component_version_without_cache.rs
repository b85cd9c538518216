//! A component that is never cached has a version for its cache.

use kfp_sdk::prelude::*;

#[component(cache = false, cache_version = "2")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
