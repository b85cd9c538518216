//! A parameter type is an enum whose variants have data.

use kfp_sdk::prelude::*;

#[derive(Param)]
enum Kind {
    Fast,
    Careful(f64),
}

fn main() {}
