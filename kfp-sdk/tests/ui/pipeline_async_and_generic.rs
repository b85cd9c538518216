//! A pipeline is an `async` function with generic parameters, both of which are reported.

use kfp_sdk::prelude::*;

#[pipeline]
async fn words<T: Param>(p: &Pipeline, rows: In<T>) {
    let _ = (p, rows);
}

fn main() {}
