//! A pipeline names an output but returns nothing.

use kfp_sdk::prelude::*;

#[pipeline]
#[output(model)]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
