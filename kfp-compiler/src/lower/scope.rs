//! Where the values are that a DAG template can see.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::TaskId;

use super::atom::Atom;
use super::names;
use crate::argo::Parameter;

/// The values that one DAG template can see: its inputs, and the outputs of its tasks.
#[derive(Debug, Default)]
pub(super) struct Scope {
    inputs: BTreeMap<Atom, String>,
}

/// Where a value is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// An input parameter of the template.
    Input(String),
    /// An output parameter of a task of the template.
    Task(String, String),
    /// A parameter of the workflow, as somebody typed it.
    Workflow(String),
}

impl Scope {
    /// The scope of a template that holds the tasks `inside` and takes the values `used`: those from outside
    /// become inputs.
    pub(super) fn of(inside: &BTreeSet<&TaskId>, used: BTreeSet<Atom>) -> Self {
        let outside = used.into_iter().filter(|atom| match atom {
            Atom::Input(_) | Atom::Depth(..) => true,
            // A guard's values and a loop's item come into being at the border of an inner region.
            Atom::Output(task, _)
            | Atom::State(task)
            | Atom::Failures(task)
            | Atom::Guarded(task, _)
            | Atom::Item(task) => !inside.contains(task),
        });
        Self::with_inputs(outside)
    }

    /// A scope with exactly these inputs.
    pub(super) fn with_inputs(atoms: impl IntoIterator<Item = Atom>) -> Self {
        let mut taken = BTreeSet::new();
        let inputs = atoms
            .into_iter()
            .map(|atom| {
                let name = names::unique(&names::parameter(&atom), &mut taken);
                (atom, name)
            })
            .collect();
        Self { inputs }
    }

    /// The inputs with their names, in the order of the atoms.
    pub(super) fn inputs(&self) -> impl Iterator<Item = (&Atom, &str)> {
        self.inputs.iter().map(|(atom, name)| (atom, name.as_str()))
    }

    /// A name that no input has.
    pub(super) fn free_name(&self, name: &str) -> String {
        let mut taken = self.inputs.values().cloned().collect();
        names::unique(name, &mut taken)
    }

    /// The declarations of the inputs.
    pub(super) fn declarations(&self) -> Vec<Parameter> {
        self.inputs.values().map(Parameter::declared).collect()
    }

    /// Where the value is.
    pub(super) fn locate(&self, atom: &Atom, task_name: impl FnOnce(&TaskId) -> String) -> Source {
        match (self.inputs.get(atom), atom) {
            (Some(name), _) => Source::Input(name.clone()),
            (None, Atom::Output(task, output)) => Source::Task(task_name(task), output.clone()),
            (None, atom) => Source::Input(names::parameter(atom)),
        }
    }
}

impl Source {
    /// A tag that Argo replaces by the value.
    pub(super) fn tag(&self) -> String {
        match self {
            Self::Input(name) => format!("{{{{inputs.parameters.{name}}}}}"),
            Self::Task(task, output) => format!("{{{{tasks.{task}.outputs.parameters.{output}}}}}"),
            Self::Workflow(name) => format!("{{{{workflow.parameters.{name}}}}}"),
        }
    }

    /// The value in Argo's expression language.
    pub(super) fn expression(&self) -> String {
        match self {
            Self::Input(name) => format!("inputs.parameters['{name}']"),
            Self::Task(task, output) => format!("tasks['{task}'].outputs.parameters['{output}']"),
            Self::Workflow(name) => format!("workflow.parameters['{name}']"),
        }
    }
}
