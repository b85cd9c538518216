//! A component has generic parameters.

use kfp_sdk::prelude::*;

#[component]
fn load<T: Param>(rows: Vec<T>) {
    let _ = rows;
}

fn main() {}
