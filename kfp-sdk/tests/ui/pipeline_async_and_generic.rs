//! A pipeline is an `async` function with generic parameters, and both are reported.

use kfp_sdk::prelude::*;

#[pipeline]
async fn words<T: Param>(p: &Pipeline, rows: In<T>) {
    let _ = (p, rows);
}

fn main() {}
