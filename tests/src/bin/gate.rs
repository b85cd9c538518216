//! A binary with a step that waits, for tests that look at running steps.

use std::fs::File;
use std::io;

use kfp_sdk::prelude::*;

/// Waits until a process opens the FIFO `gate` for writing.
#[component]
pub fn pass(gate: String, number: i64) -> io::Result<i64> {
    File::open(gate)?;
    Ok(number)
}

kfp_sdk::main!();
