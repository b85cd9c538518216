//! A component has both a notebook and a command.

use kfp_sdk::prelude::*;

#[component(image = "alpine", notebook = "notebooks/train.ipynb", command = ["sh"])]
fn load(path: String);

fn main() {}
