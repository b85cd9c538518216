//! A pipeline has no body.

use kfp_sdk::prelude::*;

#[pipeline]
fn words(p: &Pipeline);

fn main() {}
