//! An artifact has the same name as a field of the returned struct.

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
