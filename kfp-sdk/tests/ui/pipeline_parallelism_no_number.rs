//! The parallelism of a pipeline is a string.

use kfp_sdk::prelude::*;

#[pipeline(parallelism = "many")]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
