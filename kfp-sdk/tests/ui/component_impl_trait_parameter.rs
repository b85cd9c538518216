//! The type of a parameter is `impl Trait`.

use kfp_sdk::prelude::*;

#[component]
fn load(path: impl Into<String>) {
    let _ = path.into();
}

fn main() {}
