//! A struct is marked as a component.

use kfp_sdk::prelude::*;

#[component]
struct Load {
    path: String,
}

fn main() {}
