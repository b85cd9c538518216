//! The named output of a component has the same name as its artifact.

use kfp_sdk::prelude::*;

#[component]
#[output(model)]
fn train(model: Output<Model>) -> i64 {
    let _ = model;
    0
}

fn main() {}
