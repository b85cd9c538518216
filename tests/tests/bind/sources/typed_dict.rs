use kfp_sdk::prelude::*;

/// What `typed_dict` returns.
#[derive(Outputs)]
pub struct Counts {
    pub good: i64,
    pub bad: i64,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn typed_dict() -> Counts;
