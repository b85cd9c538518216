//! The name of a pipeline has characters that are not allowed.

use kfp_sdk::prelude::*;

#[pipeline(name = "Count Words")]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
