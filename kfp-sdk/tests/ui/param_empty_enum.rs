//! A parameter type is an enum without variants.

use kfp_sdk::prelude::*;

#[derive(Param)]
enum Kind {}

fn main() {}
