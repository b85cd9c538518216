//! A component returns a handle.

use kfp_sdk::prelude::*;

#[component]
fn load(rows: i64) -> Out<i64> {
    let _ = rows;
    unreachable!()
}

fn main() {}
