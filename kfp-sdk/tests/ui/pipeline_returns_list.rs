//! A pipeline returns a list of handles.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rate: In<f64>) -> Vec<Out<f64>> {
    let _ = p;
    vec![rate]
}

fn main() {}
