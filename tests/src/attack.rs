//! How long and with which random numbers the attacks run.

use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

/// Far longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(600);

/// The number of rounds of a random attack: `KFP_TEST_ROUNDS`, or the given number.
pub fn rounds(default: u32) -> u32 {
    variable("KFP_TEST_ROUNDS").unwrap_or(default)
}

/// The seed of a random attack: `KFP_TEST_SEED`, or 1. A failing attack prints it.
pub fn seed() -> u64 {
    variable("KFP_TEST_SEED").unwrap_or(1)
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("invalid {name} `{text}`: expected a non-negative integer")))
}

/// Waits until the condition holds.
///
/// # Panics
/// It never does.
#[track_caller]
pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
