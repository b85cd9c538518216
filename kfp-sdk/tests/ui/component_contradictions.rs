//! Arguments of a component's attribute say nothing without others.

use kfp_sdk::prelude::*;

#[component(function = "load", packages = ["pandas"], pip_index = "i", cache_version = "2")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
