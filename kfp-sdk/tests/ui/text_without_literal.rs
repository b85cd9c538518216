//! The argument of `text!` is not a string literal.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline, name: Out<String>) {
    p.add(Print::new().message(text!(name)));
    p.add(Print::new().message(text!()));
    p.add(Print::new().message(text!("{}", name)));
}

fn main() {}
