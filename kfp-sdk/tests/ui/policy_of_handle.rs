//! Policies are taken from handles, whose values are not there yet.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, memory: In<String>, devices: In<i64>) {
    p.add(Tell::new().message("hello")).memory(memory);
    p.add(Tell::new().message("hello")).env("MEMORY", memory);
    p.parallel_for([1, 2]).parallelism(devices).each(|_, _: Out<i64>| ());
}

fn main() {}
