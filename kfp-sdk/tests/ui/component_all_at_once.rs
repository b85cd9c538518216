//! The attribute of a component has several errors, and all are reported.

use kfp_sdk::prelude::*;

#[component(cpu = "lots", memory = "16GB ", timeout = "5", nme = "load")]
fn load(path: String) {
    let _ = path;
}

fn main() {}
