//! Two required arguments are missing.

mod parts;

use kfp_sdk::prelude::*;
use parts::DeployModel;

fn add(p: &Pipeline) {
    p.add(DeployModel::new());
}

fn main() {}
