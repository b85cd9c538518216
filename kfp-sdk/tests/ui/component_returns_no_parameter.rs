//! A component returns what no pipeline can carry.

use kfp_sdk::prelude::*;

#[component]
fn load() -> Result<std::path::PathBuf> {
    Ok("x".into())
}

fn main() {}
