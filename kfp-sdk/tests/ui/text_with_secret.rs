//! A secret is put into a text.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, token: Out<Secret>) {
    p.add(Tell::new().message(text!("token {token}")));
}

fn main() {}
