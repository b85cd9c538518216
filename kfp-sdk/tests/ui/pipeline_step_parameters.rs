//! A pipeline has parameters that only steps can have.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rows: Input<Dataset>, model: Output<Model>) {
    let _ = (p, rows, model);
}

fn main() {}
