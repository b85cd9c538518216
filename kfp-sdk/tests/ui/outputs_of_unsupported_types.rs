//! Fields of outputs have types that no pipeline can carry, as their tokens tell.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit {
    rows: u64,
    path: std::path::PathBuf,
}

fn main() {}
