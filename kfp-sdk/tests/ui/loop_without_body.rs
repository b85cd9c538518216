//! A loop has no body.

#![deny(unused_must_use)]

mod parts;

use kfp_sdk::prelude::*;

fn add(p: &Pipeline) {
    p.parallel_for([1, 2, 3]);
}

fn main() {}
