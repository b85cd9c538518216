//! The type of a constant handle cannot be inferred.

mod parts;

use kfp_sdk::prelude::*;

fn add(p: &Pipeline) {
    let rate = p.constant(0.5);
    p.when("fast", rate.gt(0.1), |_| ());
}

fn main() {}
