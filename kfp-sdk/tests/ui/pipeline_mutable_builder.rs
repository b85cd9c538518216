//! The builder of a pipeline is borrowed mutably.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &mut Pipeline) {
    let _ = p;
}

fn main() {}
