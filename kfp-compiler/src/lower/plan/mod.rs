//! The plan of a workflow: which graphs there are, which tasks they have, and what these wait for and receive.
//!
//! It is what is between building and printing: data of its own without references into the pipeline, in which values and
//! conditions are trees. A pass takes a plan and changes it; [`text`] shows it to people. Pods are not part of it: a task
//! calls a step by the name of its template.

mod explain;
mod nodes;
pub(super) mod splice;
mod template;
pub(super) mod terms;
pub(super) mod text;
mod written_nodes;

use std::collections::BTreeSet;

pub(super) use explain::explain;
pub use nodes::NodeMap;
pub(super) use template::{
    Argument, Body, Graph, NOTHING, Naming, Output, Port, Source, Task, Template, Value,
};
pub use written_nodes::{NodeMapError, TASKS_ANNOTATION};

/// What runs on Argo, apart from the pods of steps.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Plan {
    /// The template that is started first.
    pub(super) entry: String,
    /// What runs when everything else has ended.
    pub(super) exit: Option<Exit>,
    /// All templates but those of steps, in the order in which they are written.
    pub(super) templates: Vec<Template>,
    /// The names of templates that are taken, those of steps included.
    pub(super) names: BTreeSet<String>,
}

/// A template that runs at the end.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Exit {
    /// The template.
    pub(super) calls: String,
    /// What it receives.
    pub(super) arguments: Vec<Argument>,
    /// The name of the guard that it belongs to.
    pub(super) guard: String,
}

impl Plan {
    /// The templates that are started from outside.
    pub(super) fn roots(&self) -> impl Iterator<Item = &str> {
        let exit = self.exit.as_ref().map(|exit| exit.calls.as_str());
        std::iter::once(self.entry.as_str()).chain(exit)
    }

    /// The template of that name, unless it is that of a step.
    pub(super) fn template(&self, name: &str) -> Option<&Template> {
        self.templates.iter().find(|template| template.name == name)
    }
}
