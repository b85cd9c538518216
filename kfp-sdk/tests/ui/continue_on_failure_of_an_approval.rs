//! `continue_on_failure` is called on an approval.

use kfp_sdk::prelude::*;

fn add(p: &Pipeline) {
    p.approval::<bool>("Release?").continue_on_failure();
}

fn main() {}
