//! A parameter type has generic parameters.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial<T> {
    rate: T,
}

fn main() {}
