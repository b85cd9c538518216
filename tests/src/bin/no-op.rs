//! A program with a step that does nothing, for measuring what a step costs.

use kfp_sdk::prelude::*;

/// Do nothing.
#[component]
pub fn no_op() {}

kfp_sdk::main!();
