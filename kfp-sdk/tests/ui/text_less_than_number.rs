//! A string is compared with a number by `lt`.

mod parts;

use kfp_sdk::prelude::*;

fn add(name: Out<String>) {
    let _ = name.lt(0.5);
}

fn main() {}
