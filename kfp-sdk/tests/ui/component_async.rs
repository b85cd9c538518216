//! A component is an `async` function.

use kfp_sdk::prelude::*;

#[component]
async fn load(path: String) {
    let _ = path;
}

fn main() {}
