use kfp_sdk::prelude::*;

#[component(python = "tests/bind/sources/returns.py")]
pub fn a_list() -> Vec<Option<f64>>;
