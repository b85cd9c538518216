//! A field of a parameter type does not have a parameter type.

use kfp_sdk::prelude::*;

struct Path;

#[derive(Param)]
struct Trial {
    rate: f64,
    path: Path,
}

fn main() {}
