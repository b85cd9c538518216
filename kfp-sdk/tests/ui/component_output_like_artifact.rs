//! The named output of a component is called like its artifact.

use kfp_sdk::prelude::*;

#[component]
#[output(model)]
fn train(model: Output<Model>) -> i64 {
    let _ = model;
    0
}

fn main() {}
