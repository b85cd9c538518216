//! Attacks on kfpc: hostile files, secrets on every channel, a cache that others change, processes that are killed.
//!
//! `cargo test` runs each attack for a few rounds with a fixed seed. `KFP_TEST_ROUNDS` and `KFP_TEST_SEED` make it
//! longer and different.

mod cache;
mod processes;
mod reading;
mod secrets;
