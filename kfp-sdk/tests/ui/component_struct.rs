//! A struct is no component.

use kfp_sdk::prelude::*;

#[component]
struct Load {
    path: String,
}

fn main() {}
