//! The runtime of steps: reads the inputs of a step in its container, runs the Rust function and writes the outputs.
//!
//! The runtime works with files and environment variables only, and does not depend on pipelines. With only the feature
//! `runtime`, this crate contains nothing else; call [`run_step`] to run a step.

mod artifact;
mod backtrace;
mod collections;
mod error;
mod executor_input;
mod failure;
mod in_process;
mod input;
mod mismatch;
mod output;
mod param;
mod read;
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
pub use failure::{Failure, State};
pub use in_process::{catch_panic, run_step_in_process};
pub use input::Input;
pub use kfp_wire::FailureClass;
pub use mismatch::Mismatch;
pub use output::Output;
pub use param::Param;
pub use read::StepInput;
#[cfg(feature = "builder")]
pub(crate) use report::Panic;
pub use retries::retries;
pub use run::run_step;
pub use secret::Secret;
pub use signature::StepSignature;
pub use step::Step;
