//! Placeholders of a command are invalid.

use kfp_sdk::prelude::*;

#[component(
    image = "alpine",
    command = ["sh", "-c", "cat {inputs.pth.path} > {outputs.model}"],
    args = ["{inputs.rows}", "{outputs.modell.path}"],
)]
fn load(path: String, model: Output<Model>);

fn main() {}
