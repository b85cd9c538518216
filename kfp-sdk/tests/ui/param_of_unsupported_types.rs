//! Fields of a parameter type have unsupported types, as their tokens show.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    seed: u64,
    pair: (f64, f64),
}

fn main() {}
