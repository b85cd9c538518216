//! `text!` contains an unknown name.

mod parts;

use kfp_sdk::prelude::*;
use parts::Print;

fn add(p: &Pipeline) {
    p.add(Print::new().message(text!("accuracy: {acuracy}")));
}

fn main() {}
