//! What the macros say about a component or pipeline, as constants.

use std::panic::Location;

use super::component::Described;
use super::describe::Interface;
use super::pipeline::Pipeline;
use crate::notes::Raw;
use crate::runtime::{Result, Step};

/// Reads the inputs of a step, calls its function and writes the outputs.
pub(super) type RunStep = fn(&mut Step<'_>) -> Result<()>;

/// A component as `#[component]` has written it down.
pub struct ComponentDefinition {
    /// The name.
    pub name: &'static str,
    /// Where the function is.
    pub location: &'static Location<'static>,
    /// Gives interface, implementation and policy.
    pub describe: fn() -> Described,
    /// Runs the step, if it is a Rust function.
    pub run: Option<RunStep>,
}

/// A pipeline as `#[pipeline]` has written it down.
pub struct PipelineDefinition {
    /// The name.
    pub name: &'static str,
    /// Where the function is.
    pub location: &'static Location<'static>,
    /// Gives interface and settings.
    pub describe: fn() -> Interface,
    /// Runs the pipeline's function and gives what it yields.
    pub build: fn(&Pipeline) -> Vec<(&'static str, Raw)>,
}

impl ComponentDefinition {
    /// Whether both are the same one: constants have no address that could be relied on.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.location == other.location
    }
}

impl PipelineDefinition {
    /// Whether both are the same one.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name && self.location == other.location
    }
}
