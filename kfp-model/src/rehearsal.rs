//! Types for running a pipeline inside a test: the signatures of mocks, and steps that run in the current process.
//!
//! The SDK implements these traits for components and pipelines, and the runner uses them, so that neither depends on
//! the other.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::Document;

/// The input of a step that runs in the current process.
#[derive(Debug, Clone, Copy)]
pub struct StepInput<'a> {
    /// The executor input as JSON.
    pub executor_input: &'a str,
    /// The values of secret inputs, by the name of the input.
    pub secrets: &'a BTreeMap<String, String>,
    /// The number of previous attempts of the step.
    pub retries: u32,
}

/// The failure of a step that runs in the current process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailure {
    /// The exit code that a process would have, which determines the class of the failure.
    pub exit_code: i32,
    /// The error message.
    pub message: String,
}

/// A function that runs the steps of a component in the current process: it reads the executor input and writes the
/// files that it names.
pub type StandIn = Box<dyn FnMut(&StepInput<'_>) -> Result<(), StepFailure>>;

/// The input and output types of a component, which mocks of it must have. `#[component]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a component",
    label = "expected a type that `#[component]` generates, such as `TrainModel`"
)]
pub trait Signature {
    /// The name of the component.
    const NAME: &'static str;
    /// The arguments of a mock: the inputs, and the artifacts that it may write.
    type Inputs;
    /// The return type of a mock.
    type Returned;
    /// The error type of a mock.
    type Error;

    /// Converts a mock function into a [`StandIn`].
    fn stand_in(
        function: impl FnMut(Self::Inputs) -> Result<Self::Returned, Self::Error> + 'static,
    ) -> StandIn;
}

/// A call of a pipeline with all its required arguments. `#[pipeline]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a call of a pipeline",
    label = "expected a call of a pipeline, such as `TrainingPipeline::new()`"
)]
pub trait Runnable {
    /// Returns everything that is required to run the pipeline in the current process.
    ///
    /// # Errors
    /// An argument is invalid; the error is the message.
    fn rehearsal(self) -> Result<Rehearsal, String>;
}

/// Everything that is required to run a pipeline in the current process.
pub struct Rehearsal {
    /// The document with the pipeline and the pipelines that it calls.
    pub document: Document,
    /// The name of the pipeline.
    pub pipeline: String,
    /// The arguments that are set, by name.
    pub arguments: BTreeMap<String, Value>,
    /// The functions that run the Rust steps, by the name of the component.
    pub steps: BTreeMap<String, StandIn>,
}

impl fmt::Debug for Rehearsal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rehearsal")
            .field("pipeline", &self.pipeline)
            .field("arguments", &self.arguments)
            .finish_non_exhaustive()
    }
}
