//! Fields of a parameter type have the same names as methods of handles.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Range {
    lt: f64,
    #[kfp(projection = "ge")]
    least: f64,
}

fn main() {}
