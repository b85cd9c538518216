//! A pipeline returns a constant.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline) -> i64 {
    let _ = p;
    0
}

fn main() {}
