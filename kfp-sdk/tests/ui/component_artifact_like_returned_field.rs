//! An artifact is called like a field of the struct that the component returns.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Scores {
    model: f64,
}

#[component]
fn train(model: Output<Model>) -> Scores {
    let _ = model;
    Scores { model: 0.0 }
}

fn main() {}
