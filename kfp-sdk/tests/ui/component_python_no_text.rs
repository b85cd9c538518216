//! The Python file of a component is not a string.

use kfp_sdk::prelude::*;

#[component(python = 3)]
fn load(path: String);

fn main() {}
