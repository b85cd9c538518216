//! The component has no argument of that name or a similar one.

use kfp_sdk::prelude::*;

#[component]
fn load(path: String, rows: Output<Dataset>) {
    let _ = (path, rows);
}

fn add(p: &Pipeline) {
    p.add(Load::new().file("rows.csv"));
}

fn main() {}
