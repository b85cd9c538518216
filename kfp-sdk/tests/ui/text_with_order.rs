//! Strings are compared by `lt`.

mod parts;

use kfp_sdk::prelude::*;

fn add(name: Out<String>) {
    let _ = name.lt("m");
}

fn main() {}
