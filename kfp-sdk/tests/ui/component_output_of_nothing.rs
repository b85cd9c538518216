//! A component names an output but returns nothing.

use kfp_sdk::prelude::*;

#[component]
#[output(rows)]
fn load() {}

fn main() {}
