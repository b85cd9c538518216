//! A pipeline names an output and returns nothing.

use kfp_sdk::prelude::*;

#[pipeline]
#[output(model)]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
