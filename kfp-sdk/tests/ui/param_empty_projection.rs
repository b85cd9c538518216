//! The projection of a field is not a valid name.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    #[kfp(projection = "")]
    rate: f64,
}

fn main() {}
