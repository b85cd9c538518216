//! The body of a loop returns a constant.

mod parts;

use kfp_sdk::prelude::*;

fn add(p: &Pipeline) {
    let _ = p.parallel_for([1, 2]).each(|_, _: Out<i64>| 0.5);
}

fn main() {}
