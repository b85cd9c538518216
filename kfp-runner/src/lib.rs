//! The runner: executes a checked pipeline on this machine.
//!
//! The main function is [`run()`]. It accepts only a checked [`Program`](kfp_compiler::check::Program), runs each step
//! as a separate process by the contract of the KFP executor, and records the run in a [`Store`]. An interrupted run
//! can be resumed, and results of steps with a cache policy are reused. [`preview()`] reports which results a run would
//! reuse.
//!
//! The modules follow a run: [`read_arguments`] → the scheduler, which evaluates expressions and decides what runs →
//! the steps, which are processes → the store. [`Harness`] runs pipelines inside tests with the same scheduler. The
//! runner does not use Argo, read pipeline documents, print, or handle signals.

mod approval;
mod arguments;
mod artifact;
mod cache;
mod cancel;
mod claim;
mod clock;
#[cfg(feature = "store")]
mod disk;
mod environments;
mod error;
pub mod evaluate;
mod event;
mod failure;
mod failures;
mod files;
mod harness;
mod label;
mod mismatch;
mod naming;
mod options;
#[cfg(feature = "store")]
mod preview;
mod private;
mod process;
mod report;
mod run;
mod schedule;
mod secret;
mod spelling;
mod state;
mod step;
mod store;
mod supervise;

pub use approval::{Answer, Approver, Question};
pub use arguments::{ArgumentProblem, read_arguments, read_value};
pub use artifact::artifact_path;
pub use cancel::Cancel;
pub use error::RunError;
pub use event::Event;
pub use failure::Failure;
pub use harness::{Attempts, Fault, Harness, TestAttempt, TestRun, TestTask, always, nth, times};
pub use kfp_model::FailureClass;
pub use options::Options;
#[cfg(feature = "store")]
pub use preview::{Change, Forecast, MissReason, StepPreview, preview};
pub use report::{Kind, RunReport, TaskReport};
#[cfg(feature = "store")]
pub use run::run;
pub use secret::{ValueSource, ValueSourceError};
pub use state::State;
pub use step::tail as log_tail;
#[cfg(feature = "store")]
pub use store::{CacheEntry, CacheEntryKind, Metric, Pruned, RunSummary, Store, TaskSummary};
pub use store::{RunId, RunIdError, StoreError};
pub use supervise::{own_program, supervise};
