//! A field of the outputs is a struct without `#[derive(Param)]`.

use kfp_sdk::prelude::*;

struct Path;

#[derive(Outputs)]
struct Fit {
    accuracy: f64,
    path: Path,
}

fn main() {}
