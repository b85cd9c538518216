//! The test harness, as users see it.

#![expect(clippy::unwrap_used, reason = "a test fails at the first unexpected value")]

mod faults;
mod metrics;
mod mocks;
mod steps;
mod time;
