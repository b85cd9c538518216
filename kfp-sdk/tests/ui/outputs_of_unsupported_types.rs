//! Fields of outputs have unsupported types, as their tokens show.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit {
    rows: u64,
    path: std::path::PathBuf,
}

fn main() {}
