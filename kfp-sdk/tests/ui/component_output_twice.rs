//! A component names its output twice.

use kfp_sdk::prelude::*;

#[component]
#[output(rows)]
#[output(count)]
fn load() -> i64 {
    0
}

fn main() {}
