use kfp_sdk::prelude::*;

// `ndarray` is no type that a pipeline can carry.
#[component(python = "tests/bind/sources/returns.py")]
pub fn unknown() -> serde_json::Value;
