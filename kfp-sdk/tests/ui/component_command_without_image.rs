//! A command has no image.

use kfp_sdk::prelude::*;

#[component(command = ["sh"])]
fn load(path: String);

fn main() {}
