//! The test kit, as the tests of users see it.

#![expect(clippy::unwrap_used, reason = "a test ends where something unexpected happens")]

mod faults;
mod mocks;
mod steps;
mod time;
