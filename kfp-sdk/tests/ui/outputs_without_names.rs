//! The outputs of a step have no names.

use kfp_sdk::prelude::*;

#[derive(Outputs)]
struct Fit(f64, f64);

#[derive(Outputs)]
struct Nothing;

fn main() {}
