//! The runner: executes a checked pipeline on this machine.
//!
//! The main function is [`run()`]. It takes a checked [`Program`](kfp_compiler::check::Program), which is the
//! only door in, runs each step as a process of its own that keeps the contract of the executor, and writes
//! down what happens in a [`Store`]. A run that was interrupted can be resumed; results of steps that ask for
//! it are used again.
//!
//! The module tree is the way of a run: [`read_arguments`] → the scheduler, which evaluates expressions and
//! decides what runs → the steps, which are processes → the store. [`Harness`] runs pipelines inside of tests,
//! by the same scheduler. Nothing here knows Argo, reads pipeline
//! documents, prints or handles signals.

mod approval;
mod arguments;
mod artifact;
mod cache;
mod cancel;
mod claim;
mod clock;
mod error;
pub mod evaluate;
mod event;
mod failure;
mod failures;
mod files;
mod harness;
mod naming;
mod options;
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

pub use approval::{Answer, Asker, Question};
pub use arguments::{ArgumentProblem, read_arguments, read_value};
pub use cancel::Cancel;
pub use error::RunError;
pub use event::Event;
pub use failure::Failure;
pub use harness::{Attempts, Fault, Harness, TestAttempt, TestRun, TestTask, always, nth, times};
pub use kfp_model::FailureClass;
pub use options::Options;
pub use report::{Kind, RunReport, TaskReport};
pub use run::run;
pub use secret::{Source, SourceError};
pub use state::State;
pub use store::{Metric, RunId, RunIdError, RunSummary, Store, StoreError, TaskSummary};
pub use supervise::{own_program, supervise};
