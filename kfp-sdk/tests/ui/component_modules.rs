//! Modules of a Python component that do not exist or cannot be imported.

use kfp_sdk::prelude::*;

#[component(python = "../../train.py", modules = ["helpers.py", "../shared/", "lib-2/", 3])]
fn train(rows: i64);

#[component(image = "alpine:3.20", command = ["ls"], modules = ["helpers.py"])]
fn list();

fn main() {}
