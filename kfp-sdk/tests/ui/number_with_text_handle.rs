//! A number is compared with the handle of a string.

mod parts;

use kfp_sdk::prelude::*;
use parts::Train;

fn add(train: Train, name: Out<String>) {
    let _ = train.accuracy.eq(name);
}

fn main() {}
