//! A component has no body and nobody else to do the work.

use kfp_sdk::prelude::*;

#[component]
fn load(path: String);

fn main() {}
