//! Methods of tasks in the KFP SDK.

use kfp_sdk::prelude::*;

mod parts;
use parts::*;

fn add(p: &Pipeline) {
    p.add(Print::new().message("a")).set_memory_limit("2Gi").set_cpu_limit("2");
    p.add(Print::new().message("b")).set_caching_options(false);
    p.add(Print::new().message("c").set_retry(3));
}

fn main() {}
