use kfp_sdk::prelude::*;

#[component(python = "tests/bind/sources/returns.py")]
pub fn anything() -> serde_json::Value;
