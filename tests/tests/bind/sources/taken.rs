use kfp_sdk::prelude::*;

/// What `taken` returns.
#[derive(Outputs)]
pub struct TakenResult {
    pub rows: i64,
    pub r#type: String,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn taken() -> TakenResult;
