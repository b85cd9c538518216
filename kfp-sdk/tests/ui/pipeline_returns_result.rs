//! A pipeline returns a `Result`.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline, rate: In<f64>) -> Result<Out<f64>> {
    let _ = p;
    Ok(rate)
}

fn main() {}
