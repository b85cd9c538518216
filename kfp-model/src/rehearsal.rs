//! What it takes to run a pipeline inside of a test: what mocks of a component look like, and what carries out
//! its steps without a process of their own.
//!
//! The SDK fills these types for components and pipelines, and the runner uses them; neither knows the other.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::Value;

use crate::Document;

/// What a step is told that runs inside of this process.
#[derive(Debug, Clone, Copy)]
pub struct StepInput<'a> {
    /// The JSON text of the executor input.
    pub executor_input: &'a str,
    /// The values of secret inputs, by the names of the inputs.
    pub secrets: &'a BTreeMap<String, String>,
    /// How often the step was tried before.
    pub retries: u32,
}

/// Why a step failed that runs inside of this process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepFailure {
    /// The exit code that its process would have had, which stands for the class of the failure.
    pub exit_code: i32,
    /// What went wrong, for people.
    pub message: String,
}

/// What carries out the steps of a component inside of this process: it reads the executor input, and writes
/// the files that this names.
pub type StandIn = Box<dyn FnMut(&StepInput<'_>) -> Result<(), StepFailure>>;

/// The types that a component takes and returns: what a mock of it has to fit. `#[component]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no component",
    label = "expected the type that `#[component]` has made, as `TrainModel`"
)]
pub trait Signature {
    /// The name of the component.
    const NAME: &'static str;
    /// What a mock is given: the inputs, and the artifacts that it may write.
    type Inputs;
    /// What a mock returns.
    type Returned;
    /// How a mock fails.
    type Error;

    /// Makes steps of a function.
    fn stand_in(
        function: impl FnMut(Self::Inputs) -> Result<Self::Returned, Self::Error> + 'static,
    ) -> StandIn;
}

/// A call of a pipeline with all its required arguments. `#[pipeline]` implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no call of a pipeline",
    label = "expected a call of a pipeline, as `TrainingPipeline::new()`"
)]
pub trait Runnable {
    /// All that it takes to run the pipeline inside of this process.
    ///
    /// # Errors
    /// What is wrong with an argument.
    fn rehearsal(self) -> Result<Rehearsal, String>;
}

/// All that it takes to run a pipeline inside of this process.
pub struct Rehearsal {
    /// The document of the pipeline and of those that it calls.
    pub document: Document,
    /// The name of the pipeline.
    pub pipeline: String,
    /// The arguments that are given, by name.
    pub arguments: BTreeMap<String, Value>,
    /// What carries out the steps that are Rust functions, by the names of the components.
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
