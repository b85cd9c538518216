//! A pipeline takes values instead of handles.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, text: String, rates: Vec<f64>) {
    let _ = (p, text, rates);
}

fn main() {}
