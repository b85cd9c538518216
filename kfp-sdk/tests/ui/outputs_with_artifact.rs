//! A field of the outputs is an artifact.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit {
    accuracy: f64,
    model: Output<Model>,
}

fn main() {}
