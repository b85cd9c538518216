//! The hyperparameters to search for.

use kfp_sdk::prelude::*;

/// A combination of hyperparameters.
#[derive(Param, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trial {
    /// The weight of each tree.
    pub(crate) learning_rate: f64,
    /// The maximum depth of a tree.
    pub(crate) depth: u32,
}
