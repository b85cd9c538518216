//! Steps: what a Rust component is given when it runs, and what becomes of what it gives.
//!
//! The runtime reads and writes files and environment variables; it knows nothing of graphs.

mod error;
mod executor_input;
mod input;
mod output;
mod read;
mod rehearse;
mod report;
mod retries;
mod run;
mod running;
mod secrets;
mod write;

pub use error::{Error, Result};
pub use input::Input;
pub use output::Output;
pub use read::StepInput;
pub(crate) use rehearse::own_step;
pub use rehearse::stand_in;
pub(crate) use report::{Panic, Report};
pub use retries::retries;
pub(crate) use run::run;
pub use running::Step;
pub(crate) use secrets::Secrets;
