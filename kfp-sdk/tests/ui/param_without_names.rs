//! A parameter has fields without names.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial(f64, i64);

fn main() {}
