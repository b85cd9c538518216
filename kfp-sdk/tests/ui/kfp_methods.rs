//! Methods of tasks in the KFP SDK.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

fn add(p: &Pipeline) {
    p.add(Print::new().message("a")).set_memory_limit("2Gi");
    p.add(Print::new().message("b")).set_caching_options(false);
}

fn main() {}
