//! A pipeline has parameters that are for steps.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rows: Input<Dataset>, model: Output<Model>) {
    let _ = (p, rows, model);
}

fn main() {}
