//! Arguments of a pipeline's attribute are unknown or have invalid values.

use kfp_sdk::prelude::*;

#[pipeline(nmae = "words", image = "alpine", timeout = "5", cache = "soon", version = 2)]
fn words(p: &Pipeline) {
    let _ = p;
}

fn main() {}
