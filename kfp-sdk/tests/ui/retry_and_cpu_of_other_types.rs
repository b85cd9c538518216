//! A number of retries is a string, and an amount of CPU a boolean.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

fn add(p: &Pipeline) {
    p.add(Print::new().message("a")).retry(3).cpu(2);
    p.add(Print::new().message("b")).retry("3").cpu(true);
}

fn main() {}
