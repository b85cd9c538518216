//! A command is a string instead of a list.

use kfp_sdk::prelude::*;

#[component(image = "alpine", command = "sh -c")]
fn load(path: String);

fn main() {}
