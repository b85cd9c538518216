//! A component takes a handle.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: In<i64>) {
    let _ = rows;
}

fn main() {}
