//! Components and pipelines whose generated types would hide those of the prelude.

use kfp_sdk::prelude::*;

#[component]
fn model(rows: Input<Dataset>, out: Output<Model>) {
    let _ = (rows, out);
}

#[component(type = "Dataset")]
fn load() {}

#[component]
fn string() {}

#[pipeline]
fn pipeline(p: &Pipeline) {
    let _ = p;
}

fn main() {}
