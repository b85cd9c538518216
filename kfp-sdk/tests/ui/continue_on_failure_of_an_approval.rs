//! Others are to go on after an approval that nobody gave.

use kfp_sdk::prelude::*;

fn add(p: &Pipeline) {
    p.approval::<bool>("Release?").continue_on_failure();
}

fn main() {}
