//! The first parameter of a pipeline is not the builder.

use kfp_sdk::prelude::*;

#[pipeline]
fn no_builder() {}

#[pipeline]
fn words(text: In<String>) {
    let _ = text;
}

fn main() {}
