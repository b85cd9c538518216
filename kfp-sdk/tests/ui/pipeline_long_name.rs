//! The name of a pipeline is too long for the names of runs.

use kfp_sdk::prelude::*;

#[pipeline(name = "a-name-that-leaves-no-room-for-the-suffix-which-every-run-gets")]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
