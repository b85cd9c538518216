//! A secret is compared.

mod parts;

use kfp_sdk::prelude::*;

fn add(token: Out<Secret>) {
    let _ = token.eq("hunter2");
}

fn main() {}
