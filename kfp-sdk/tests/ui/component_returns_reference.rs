//! A component returns a reference.

use kfp_sdk::prelude::*;

#[component]
fn load() -> &'static str {
    "x"
}

fn main() {}
