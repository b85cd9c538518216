//! The test harness: runs pipelines inside tests, with mocks instead of steps and a virtual clock.
//!
//! The main type is [`Harness`]. It uses the same scheduler as real runs, and replaces only the execution of attempts
//! and the clock. Steps are simulated one after the other, so that a run is reproducible; on the virtual clock, they
//! overlap. Nothing is cached.

mod fault;
mod run;
mod sample;
mod setup;
mod simulator;

pub use fault::{Attempts, Fault, always, nth, times};
pub use run::{TestAttempt, TestRun, TestTask};
pub use setup::Harness;
