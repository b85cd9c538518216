//! The conformance set as data: the inputs and expectations of each run, and their comparison with the outcome.
//!
//! The pipelines themselves are in the binary `conformance`. Nothing here runs anything.

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
