//! An option is compared.

mod parts;

use kfp_sdk::prelude::*;

fn add(maybe: Out<Option<f64>>) {
    let _ = maybe.gt(0.5);
}

fn main() {}
