use kfp_sdk::prelude::*;

// Unsupported type `ndarray`.
#[component(python = "tests/bind/sources/returns.py")]
pub fn unknown() -> serde_json::Value;
