//! What is searched for: a pair of hyperparameters.

use kfp_sdk::prelude::*;

/// A pair of hyperparameters.
#[derive(Param, Debug, Clone, Copy, PartialEq)]
pub(crate) struct Trial {
    /// How much each tree corrects the ones before it.
    pub(crate) learning_rate: f64,
    /// How many questions lead to a leaf of a tree.
    pub(crate) depth: u32,
}
