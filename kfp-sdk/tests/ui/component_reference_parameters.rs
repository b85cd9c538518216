//! Parameters of a component are references.

use kfp_sdk::prelude::*;

#[component]
fn load(path: &str, rows: &Vec<f64>) {
    let _ = (path, rows);
}

fn main() {}
