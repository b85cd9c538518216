//! The name of an output is a string.

use kfp_sdk::prelude::*;

#[component]
#[output("rows")]
fn load() -> i64 {
    0
}

fn main() {}
