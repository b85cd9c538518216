use kfp_sdk::prelude::*;

/// What `named` returns.
#[derive(Outputs)]
pub struct Scores {
    pub accuracy: f64,
    pub loss: f64,
}

#[component(python = "tests/bind/sources/returns.py")]
pub fn named() -> Scores;
