//! Tests of the public API of the SDK, including the macros.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod branches;
mod calls;
mod components;
mod loops;
mod modules;
mod names_in_json;
mod naming;
mod notebooks;
mod outline;
mod problems;
mod runtime;
mod steps;
mod training;
