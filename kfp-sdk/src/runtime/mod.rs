//! The runtime of steps: what a Rust function receives when it runs in its container, and what becomes of what it
//! returns.
//!
//! It reads and writes files and environment variables, and knows nothing of pipelines. It is all that there is of this
//! crate with the feature `runtime` alone; [`run_step`] is its entry then.

mod artifact;
mod collections;
mod error;
mod executor_input;
mod failure;
mod input;
mod mismatch;
mod output;
mod param;
mod read;
mod rehearse;
mod report;
mod retries;
mod run;
mod scalars;
mod secret;
mod secret_values;
mod signature;
mod step;
mod write;

pub use artifact::{Artifact, ArtifactKind, ClassificationMetrics, Dataset, Html, Markdown, Metrics, Model};
pub use error::{Error, Result};
pub use failure::{Failure, FailureClass, State};
pub use input::Input;
pub use mismatch::Mismatch;
pub use output::Output;
pub use param::Param;
pub use read::StepInput;
pub use rehearse::{catch_panic, rehearse_step};
pub use retries::retries;
pub use run::run_step;
pub use secret::Secret;
pub use signature::StepSignature;
pub use step::Step;
