//! A component returns a type that a pipeline cannot carry.

use kfp_sdk::prelude::*;

#[component]
fn load() -> Result<std::path::PathBuf> {
    Ok("x".into())
}

fn main() {}
