//! The fields of a parameter type have no names.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Trial(f64, i64);

fn main() {}
