use kfp_sdk::prelude::*;

/// What `in_place` returns.
#[derive(Outputs)]
pub struct InPlaceResult {
    pub rows: i64,
    pub share: f64,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn in_place() -> InPlaceResult;
