//! A component has both a Python function and a command.

use kfp_sdk::prelude::*;

#[component(image = "alpine", python = "../../train.py", command = ["sh"])]
fn load(path: String);

fn main() {}
