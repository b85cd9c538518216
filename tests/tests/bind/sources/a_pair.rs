use kfp_sdk::prelude::*;

/// What `a_pair` returns.
#[derive(Outputs)]
pub struct APairResult {
    pub value_1: String,
    pub value_2: i64,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn a_pair() -> APairResult;
