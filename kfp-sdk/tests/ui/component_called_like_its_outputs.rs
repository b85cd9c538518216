//! A generated type of a component has the same name as the struct that it returns.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit {
    accuracy: f64,
}

#[component]
fn fit() -> Result<Fit> {
    Ok(Fit { accuracy: 0.0 })
}

fn main() {}
