//! The components and pipelines of a program, which register themselves.

use super::definition::{ComponentDefinition, PipelineDefinition};

/// A component of the program.
pub struct RegisteredComponent(pub &'static ComponentDefinition);

/// A pipeline of the program.
pub struct RegisteredPipeline(pub &'static PipelineDefinition);

inventory::collect!(RegisteredComponent);
inventory::collect!(RegisteredPipeline);

/// What a program offers, sorted by name: linkers promise no order.
#[derive(Default)]
pub(crate) struct Registry {
    /// The components.
    pub(crate) components: Vec<&'static ComponentDefinition>,
    /// The pipelines.
    pub(crate) pipelines: Vec<&'static PipelineDefinition>,
}

impl Registry {
    /// Everything that is linked into this program.
    pub(crate) fn of_program() -> Self {
        let mut components: Vec<_> = inventory::iter::<RegisteredComponent>().map(|entry| entry.0).collect();
        let mut pipelines: Vec<_> = inventory::iter::<RegisteredPipeline>().map(|entry| entry.0).collect();
        components.sort_by_key(|definition| (definition.name, definition.location));
        pipelines.sort_by_key(|definition| (definition.name, definition.location));
        Self { components, pipelines }
    }
}
