//! The results of checking one pipeline of a program.

use indexmap::IndexMap;
use kfp_model::{
    Component, ComponentId, Document, Expression, Pipeline, Place, Reference, Task, TaskId, Type,
};

use super::ctx::Ctx;
use super::infer::Inference;
use super::needs::missing;
use super::scope::Scopes;
use super::skips::Skips;
use super::types::Types;

/// A pipeline of a checked [`Program`](super::Program), with the scopes, types and dependencies of its tasks.
#[derive(Debug)]
pub struct Checked<'a> {
    document: &'a Document,
    pipeline: &'a Pipeline,
    scopes: Scopes<'a>,
    types: Types<'a>,
    skips: Skips<'a>,
    /// Sorted by id.
    nodes: IndexMap<&'a TaskId, Node<'a>>,
}

/// A task of a checked pipeline with its place and its dependencies.
#[derive(Debug)]
pub struct Node<'a> {
    /// The task.
    pub task: &'a Task,
    /// The place of the task in the document.
    pub place: Place,
    /// The tasks of the same region that end before this one starts, sorted by id: the entries of `after`, and the
    /// tasks whose values this task or a task in its regions uses.
    pub dependencies: Vec<&'a TaskId>,
}

impl<'a> Checked<'a> {
    /// Converts the context of the rules. Call this only if no rule reported an error.
    pub(super) fn new(ctx: Ctx<'a>) -> Self {
        let Ctx { document, pipeline, scopes, types, dependencies, skips, .. } = ctx;
        let nodes = scopes
            .entries
            .iter()
            .zip(dependencies.into_values())
            .map(|((id, entry), dependencies)| {
                let dependencies = dependencies.into_iter().collect();
                (*id, Node { task: entry.task, place: entry.place.clone(), dependencies })
            })
            .collect();
        Self { document, pipeline, scopes, types, skips, nodes }
    }

    /// Returns the document that contains the pipeline.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Returns the pipeline.
    pub fn pipeline(&self) -> &'a Pipeline {
        self.pipeline
    }

    /// Returns the place of the pipeline in the document.
    pub fn place(&self) -> Place {
        let idx = self.document.pipelines.iter().position(|other| std::ptr::eq(other, self.pipeline));
        Place::root().key("pipelines").index(idx.unwrap_or(0))
    }

    /// Returns the task with that id.
    ///
    /// # Panics
    /// Panics if the pipeline has no such task.
    pub fn node(&self, id: &TaskId) -> &Node<'a> {
        &self.nodes[id]
    }

    /// Returns all tasks, including those in nested regions, sorted by id.
    pub fn nodes(&self) -> impl Iterator<Item = &Node<'a>> {
        self.nodes.values()
    }

    /// Returns the component with that id.
    ///
    /// # Panics
    /// Panics if the document has no such component.
    pub fn component(&self, id: &ComponentId) -> &'a Component {
        &self.document.components[id]
    }

    /// Whether the task may be skipped, because of its own conditions or because a task that it needs may be skipped.
    pub fn may_skip(&self, task: &TaskId) -> bool {
        self.skips.may_skip(task)
    }

    /// Whether the task requires `before`: it names `before` in `after`, or uses a value of it that is not an option.
    pub(crate) fn needs(&self, task: &Task, before: &TaskId) -> bool {
        let is_of = |reference: &Reference| {
            matches!(reference, Reference::Output(output) if output.task == *before)
                && self.inference().reference(reference).is_none_or(|r#type| !r#type.is_option())
        };
        task.after.contains(before) || missing(task, self.document, &is_of).is_some()
    }

    /// Returns the type of an expression of the pipeline.
    pub fn type_of(&self, expression: &Expression) -> Type {
        self.inference().expression(expression).unwrap_or(Type::Any)
    }

    fn inference(&self) -> Inference<'_, 'a> {
        let (scopes, types) = (&self.scopes, &self.types);
        Inference { document: self.document, pipeline: self.pipeline, scopes, types }
    }
}
