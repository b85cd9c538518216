//! A component has no body and no other implementation.

use kfp_sdk::prelude::*;

#[component]
fn load(path: String);

fn main() {}
