//! A component has an ABI.

use kfp_sdk::prelude::*;

#[component]
extern "C" fn load(rows: i64) {
    let _ = rows;
}

fn main() {}
