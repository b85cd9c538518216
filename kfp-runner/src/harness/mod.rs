//! The test kit: pipelines run inside of a test, with mocks in the places of steps and a clock that takes no
//! time.
//!
//! The main type is [`Harness`]. It runs a pipeline by the one scheduler that there is; only what carries out an
//! attempt and where time comes from are its own. Steps are played one after the other, so that a run is the
//! same every time; that they overlap shows on the clock. Nothing is cached.

mod fault;
mod run;
mod sample;
mod setup;
mod stage;

pub use fault::{Attempts, Fault, always, nth, times};
pub use run::{TestAttempt, TestRun, TestTask};
pub use setup::Harness;
