//! An exit handler has no exit task.

#![deny(unused_must_use)]

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline) {
    p.exit_handler(|p| {
        p.add(Print::new().message("done"));
    });
}

fn main() {}
