//! The number of rounds and the seed of the attack tests.

use std::str::FromStr;
use std::thread;
use std::time::{Duration, Instant};

/// Far longer than any step takes on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(600);

/// Returns the number of rounds of a random attack: `KFP_TEST_ROUNDS`, or `default`.
pub fn rounds(default: u32) -> u32 {
    variable("KFP_TEST_ROUNDS").unwrap_or(default)
}

/// Returns the seed of a random attack: `KFP_TEST_SEED`, or 1. A failing attack prints it.
pub fn seed() -> u64 {
    variable("KFP_TEST_SEED").unwrap_or(1)
}

fn variable<T: FromStr>(name: &str) -> Option<T> {
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("invalid {name} `{text}`: expected a non-negative integer")))
}

/// Waits until the condition is true.
///
/// # Panics
/// Panics if the condition is still false after ten minutes.
#[track_caller]
pub fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_true() {
        assert!(start.elapsed() < TIMEOUT, "timed out waiting until {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
