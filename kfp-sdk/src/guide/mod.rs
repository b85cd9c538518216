//! The API by example: each page shows a part of what pipelines can express, with code that compiles.
//!
//! These modules contain documentation only. The documentation of `kfp-model` specifies each construct in full.
//! Conformance tests check that it behaves the same on a cluster and on this machine.

pub mod artifacts;
pub mod branches_and_loops;
pub mod failures;
pub mod parameters;
pub mod steps;
