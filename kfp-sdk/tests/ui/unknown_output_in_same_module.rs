//! The task has no output of that name, and the component is in the same module.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit {
    accuracy: f64,
}

#[component]
fn train(model: Output<Model>) -> Fit {
    let _ = model;
    Fit { accuracy: 0.0 }
}

#[pipeline]
fn training(p: &Pipeline) {
    let _ = p.add(Train::new()).precision;
}

fn main() {}
