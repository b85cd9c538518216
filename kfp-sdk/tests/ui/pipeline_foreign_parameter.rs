//! A parameter of a pipeline is a struct without `#[derive(Param)]`.

use kfp_sdk::prelude::*;

struct Trial;

#[pipeline]
fn words(p: &Pipeline, trial: In<Trial>) {
    let _ = (p, trial);
}

fn main() {}
