//! A parameter of a component has two defaults.

use kfp_sdk::prelude::*;

#[component]
fn load(
    #[default(3)]
    #[default(4)]
    rows: i64,
    #[default] path: String,
) {
    let _ = (rows, path);
}

fn main() {}
