//! The type of a parameter is not named.

use kfp_sdk::prelude::*;

#[component]
fn load(path: impl Into<String>) {
    let _ = path.into();
}

fn main() {}
