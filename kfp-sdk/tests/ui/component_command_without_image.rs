//! A command has no image to run in.

use kfp_sdk::prelude::*;

#[component(command = ["sh"])]
fn load(path: String);

fn main() {}
