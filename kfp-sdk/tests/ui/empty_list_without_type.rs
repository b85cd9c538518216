//! An empty list does not say what it is a list of.

mod parts;

use kfp_sdk::prelude::*;
use parts::Count;

fn add(p: &Pipeline) {
    p.add(Count::new().rows([]));
}

fn main() {}
