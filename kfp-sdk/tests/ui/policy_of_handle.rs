//! Policies are set to handles, whose values do not exist yet.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, memory: In<String>, devices: In<i64>) {
    p.add(Print::new().message("hello")).memory(memory);
    p.add(Print::new().message("hello")).env("MEMORY", memory);
    p.parallel_for([1, 2]).parallelism(devices).each(|_, _: Out<i64>| ());
}

fn main() {}
