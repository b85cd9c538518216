//! An iterator of items that exist only when the pipeline runs.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

fn add(p: &Pipeline, names: Out<Vec<String>>) {
    for name in names.iter() {
        p.add(Print::new().message(name));
    }
}

fn main() {}
