//! Arguments of the attribute require other arguments.

use kfp_sdk::prelude::*;

#[component(function = "load", packages = ["pandas"], pip_index = "i", cache_version = "2")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
