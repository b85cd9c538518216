//! A field of a parameter type has an unknown option.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    #[kfp(renam = "r")]
    rate: f64,
    #[kfp]
    bs: i64,
    #[kfp(projection = "no name")]
    kind: i64,
}

fn main() {}
