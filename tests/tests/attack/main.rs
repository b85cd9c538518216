//! Attacks on kfpc: hostile files, secrets on every channel, a corrupted cache, killed processes.
//!
//! `cargo test` runs each attack for a few rounds with a fixed seed. `KFP_TEST_ROUNDS` and `KFP_TEST_SEED` change
//! the number of rounds and the seed.

mod cache;
mod processes;
mod reading;
mod secrets;
