//! Fields of a parameter have types that no pipeline can carry, as their tokens tell.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    seed: u64,
    pair: (f64, f64),
}

fn main() {}
