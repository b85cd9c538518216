//! A pipeline returns a struct of values instead of handles.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit {
    accuracy: f64,
}

#[pipeline]
fn words(p: &Pipeline) -> Fit {
    let _ = p;
    Fit { accuracy: 0.0 }
}

fn main() {}
