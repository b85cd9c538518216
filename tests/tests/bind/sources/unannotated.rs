use kfp_sdk::prelude::*;

// The function has no return annotation, so its return value is ignored.
#[component(python = "tests/bind/sources/returns.py")]
pub fn unannotated(
    text: String,
);
