//! A handle has a type that a pipeline cannot carry.

mod parts;

use kfp_sdk::prelude::*;

fn add(rows: Out<std::path::PathBuf>) {
    let _ = rows;
}

fn main() {}
