//! A projection of a parameter is no name.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    #[kfp(projection = "")]
    rate: f64,
}

fn main() {}
