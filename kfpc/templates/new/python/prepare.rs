//! The first step writes the examples that a model learns from.

use kfp_sdk::prelude::*;

/// Writes examples of `y = 2x + 1` as a CSV file.
#[component(python = "components/prepare.py", cpu = "100m", memory = "64Mi")]
pub fn prepare_data(
    /// The number of examples.
    rows: i64,
    /// A table with the columns `x` and `y`.
    data: Output<Dataset>,
);
