//! A text is no literal.

mod parts;

use kfp_sdk::prelude::*;
use parts::Tell;

fn add(p: &Pipeline, name: Out<String>) {
    p.add(Tell::new().message(text!(name)));
    p.add(Tell::new().message(text!()));
    p.add(Tell::new().message(text!("{}", name)));
}

fn main() {}
