//! A field of a parameter is no parameter.

use kfp_sdk::prelude::*;

struct Path;

#[derive(Param)]
struct Trial {
    rate: f64,
    path: Path,
}

fn main() {}
