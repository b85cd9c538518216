//! Parameters of a component have unsupported types, as their tokens show.

use kfp_sdk::prelude::*;

use std::collections::HashMap;
use std::path::PathBuf;

#[component]
fn load(
    path: PathBuf,
    rows: u64,
    small: Vec<u8>,
    rates: HashMap<String, f64>,
    pair: (f64, f64),
    three: [f64; 3],
    nothing: (),
) {
    let _ = (path, rows, small, rates, pair, three, nothing);
}

fn main() {}
