//! A command is a text and no list.

use kfp_sdk::prelude::*;

#[component(image = "alpine", command = "sh -c")]
fn load(path: String);

fn main() {}
