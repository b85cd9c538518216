//! The item type of an empty list cannot be inferred.

mod parts;

use kfp_sdk::prelude::*;
use parts::Count;

fn add(p: &Pipeline) {
    p.add(Count::new().rows([]));
}

fn main() {}
