//! The registry of the components and pipelines in a binary.

use super::definition::{ComponentDefinition, PipelineDefinition};

/// The entry of a component in the registry.
pub struct RegisteredComponent(pub &'static ComponentDefinition);

/// The entry of a pipeline in the registry.
pub struct RegisteredPipeline(pub &'static PipelineDefinition);

inventory::collect!(RegisteredComponent);
inventory::collect!(RegisteredPipeline);

/// The components and pipelines in the binary, sorted by name: the order in which linkers place them is unspecified.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) components: Vec<&'static ComponentDefinition>,
    pub(crate) pipelines: Vec<&'static PipelineDefinition>,
}

impl Registry {
    /// Returns all components and pipelines that are linked into this binary.
    pub(crate) fn of_program() -> Self {
        let mut components: Vec<_> = inventory::iter::<RegisteredComponent>().map(|entry| entry.0).collect();
        let mut pipelines: Vec<_> = inventory::iter::<RegisteredPipeline>().map(|entry| entry.0).collect();
        components.sort_by_key(|definition| (definition.name, definition.location));
        pipelines.sort_by_key(|definition| (definition.name, definition.location));
        Self { components, pipelines }
    }
}
