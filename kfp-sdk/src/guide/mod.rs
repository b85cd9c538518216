//! The language by examples: what there is to say in a pipeline, each with a few lines that compile.
//!
//! The pages hold no code. What each construct means in full stands in the documentation of `kfp-model`, and that
//! it means the same on a cluster and on this machine is tested by the cases that the README names.

pub mod artifacts;
pub mod branches_and_loops;
pub mod failures;
pub mod parameters;
pub mod steps;
