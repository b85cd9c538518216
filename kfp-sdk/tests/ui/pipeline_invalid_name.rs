//! The name of a pipeline has invalid characters.

use kfp_sdk::prelude::*;

#[pipeline(name = "Count Words")]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
