use kfp_sdk::prelude::*;

/// What `scores` returns.
#[derive(Outputs)]
pub struct ScoresResult {
    pub accuracy: f64,
    pub loss: f64,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn scores() -> ScoresResult;
