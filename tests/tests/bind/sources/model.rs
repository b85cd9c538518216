use kfp_sdk::prelude::*;

#[component(python = "tests/bind/sources/returns.py", type = "ModelStep")]
pub fn model(
    rows: i64,
) -> i64;
