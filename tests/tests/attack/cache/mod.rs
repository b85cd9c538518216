//! Changes that must make a cached result stale, and files that others spoil.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod bench;
mod flight;
mod matrix;
mod program;
mod random;
