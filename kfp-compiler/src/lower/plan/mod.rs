//! The plan of a workflow: its graphs, with tasks, dependencies and arguments.
//!
//! The plan is built, changed by passes, and then printed as Argo objects. It has no references into the pipeline, and
//! values and conditions in it are trees. [`text`] formats a plan. Pods are not part of it: a task calls a step by the
//! name of its template.

mod explain;
mod node_annotation;
mod nodes;
pub(super) mod splice;
mod template;
pub(super) mod terms;
pub(super) mod text;

use std::collections::BTreeSet;

pub(super) use explain::explain;
pub use node_annotation::{NodeMapError, TASKS_ANNOTATION};
pub use nodes::NodeMap;
pub(super) use template::{Argument, Body, Graph, NOOP, Naming, Output, Port, Source, Task, Template, Value};

/// The plan of a workflow.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plan {
    /// The name of the entry template.
    pub(super) entry: String,
    /// The exit hook.
    pub(super) exit: Option<Exit>,
    /// All templates except for those of steps, in the order of the workflow.
    pub(super) templates: Vec<Template>,
    /// The names of templates in use, including those of steps.
    pub(super) names: BTreeSet<String>,
}

/// The exit hook: a call of a template when all other tasks have ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exit {
    /// The name of the template.
    pub(super) calls: String,
    /// The arguments of the call.
    pub(super) arguments: Vec<Argument>,
    /// The name of the exit handler.
    pub(super) handler: String,
}

impl Plan {
    /// Returns the templates that the workflow starts.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        let exit = self.exit.as_ref().map(|exit| exit.calls.as_str());
        std::iter::once(self.entry.as_str()).chain(exit)
    }

    /// Returns the template with that name, unless it is that of a step.
    pub(super) fn template(&self, name: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.name == name)
    }
}
