//! The outputs of a step have generic parameters.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit<T> {
    accuracy: T,
}

fn main() {}
