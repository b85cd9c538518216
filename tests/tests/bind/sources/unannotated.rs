use kfp_sdk::prelude::*;

// Without an annotation, nothing is taken of what the function returns.
#[component(python = "tests/bind/sources/returns.py")]
pub fn unannotated(
    text: String,
);
