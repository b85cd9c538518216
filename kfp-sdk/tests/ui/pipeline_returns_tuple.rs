//! A pipeline returns several handles without names.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rate: In<f64>) -> (Out<f64>, Out<f64>) {
    let _ = p;
    (rate, rate)
}

fn main() {}
