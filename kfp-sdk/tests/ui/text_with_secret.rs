//! A secret is used in `text!`.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, token: Out<Secret>) {
    p.add(Print::new().message(text!("token {token}")));
}

fn main() {}
