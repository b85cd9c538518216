//! A text is asked whether it is less than a number.

mod parts;

use kfp_sdk::prelude::*;

fn add(name: Out<String>) {
    let _ = name.lt(0.5);
}

fn main() {}
