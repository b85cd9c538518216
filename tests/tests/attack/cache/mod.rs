//! Attacks on the cache: changes that must make a cached result stale, and corrupted files.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod fixture;
mod flight;
mod matrix;
mod program;
mod random;
