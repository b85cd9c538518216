//! A component names an output and returns nothing.

use kfp_sdk::prelude::*;

#[component]
#[output(rows)]
fn load() {}

fn main() {}
