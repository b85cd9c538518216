//! The default of a pipeline parameter has another type.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, #[default("many")] rows: In<i64>) {
    let _ = (p, rows);
}

fn main() {}
