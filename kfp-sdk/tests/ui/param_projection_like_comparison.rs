//! Fields of a parameter are called like methods of handles.

use kfp_sdk::prelude::*;

#[derive(Param)]
struct Range {
    lt: f64,
    #[kfp(projection = "ge")]
    least: f64,
}

fn main() {}
