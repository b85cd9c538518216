//! The outputs of a step are an enum.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
enum Fit {
    Good,
    Bad,
}

fn main() {}
