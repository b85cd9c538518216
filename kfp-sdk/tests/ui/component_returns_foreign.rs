//! A component returns a struct without `#[derive(Outputs)]`.

use kfp_sdk::prelude::*;

struct Fit {
    accuracy: f64,
}

#[component(type = "FitStep")]
fn fit() -> Fit {
    Fit { accuracy: 0.0 }
}

fn main() {}
