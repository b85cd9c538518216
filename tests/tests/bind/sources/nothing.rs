use kfp_sdk::prelude::*;

/// Do nothing.
#[component(python = "tests/bind/sources/returns.py")]
pub fn nothing();
