//! A binary with a step that does nothing, to measure the cost of a step.

use kfp_sdk::prelude::*;

/// Does nothing.
#[component]
pub fn no_op() {}

kfp_sdk::main!();
