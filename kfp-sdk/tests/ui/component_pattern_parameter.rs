//! A parameter of a component has no name.

use kfp_sdk::prelude::*;

#[component]
fn load((path, rows): (String, i64), _: f64) {
    let _ = (path, rows);
}

fn main() {}
