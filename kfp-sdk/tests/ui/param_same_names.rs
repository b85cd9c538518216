//! Fields and variants have duplicate names in JSON.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial {
    rate: f64,
    #[kfp(rename = "rate")]
    other: f64,
}

#[derive(Param)]
enum Kind {
    Fast,
    #[kfp(rename = "Fast")]
    Quick,
}

fn main() {}
