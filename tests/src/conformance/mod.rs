//! The conformance set as data: what the runs of a case are given, what is expected of them, and how that is
//! held against what happened.
//!
//! The pipelines themselves are in the program `conformance`. Nothing here runs anything.

mod compare;
mod expected;
mod names;
mod run;
mod table;

pub use compare::{Observed, ObservedTask, differences};
pub use expected::Expected;
pub use names::shown_name;
pub use run::{Ending, Run, TaskExpectation, located};
pub use table::Table;
