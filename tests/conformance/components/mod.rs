//! The steps of the cases: tiny functions with one observable effect each.

mod artifacts;
mod containers;
mod failing;
mod lists;
mod metrics;
mod numbers;
mod parts;
mod python;
pub(crate) mod random;
mod surroundings;
mod values;

pub(crate) use artifacts::*;
pub(crate) use containers::*;
pub(crate) use failing::*;
pub(crate) use lists::*;
pub(crate) use metrics::*;
pub(crate) use numbers::*;
pub(crate) use parts::*;
pub(crate) use python::*;
pub(crate) use surroundings::*;
pub(crate) use values::*;
