//! The values that are visible in a DAG template, and where they come from.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::expression::Expression;
use kfp_argo::text::Text;
use kfp_model::{Task, TaskId};

use crate::check::Checked;
use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::names;
use crate::lower::plan::Port;
use crate::lower::plan::terms;

/// The values that are visible in a DAG template: its inputs, and the outputs of its tasks.
#[derive(Debug, Clone, Default)]
pub(in crate::lower) struct Scope {
    inputs: BTreeMap<Captured, String>,
    /// Whether the inputs are captured values, not the inputs of a pipeline, which have fixed names.
    captures: bool,
    /// The tasks of the template, if it has only a part of the tasks of its region.
    part: Option<BTreeSet<TaskId>>,
    /// For outputs of tasks in a part of the region: the task that calls the part, and its output.
    relocated: BTreeMap<Captured, (String, String)>,
}

/// The source of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lower) enum Source {
    /// An input parameter of the template.
    Input(String),
    /// An output parameter of a task of the template.
    Task(String, String),
    /// An unprocessed parameter of the workflow.
    Workflow(String),
}

impl Scope {
    /// Creates the scope of a template that contains the tasks `inside` and uses the values `used`. The values from
    /// outside are captured and become inputs.
    pub(in crate::lower) fn of(inside: &BTreeSet<&TaskId>, used: BTreeSet<Captured>) -> Self {
        let outside = used.into_iter().filter(|captured| match captured {
            // A run is produced in another part of the region.
            Captured::Input(_) | Captured::Depth(..) | Captured::Run(_) => true,
            // The values of an exit handler and the item of a loop are produced at the border of an inner region.
            Captured::Output(task, _)
            | Captured::State(task)
            | Captured::Failures(task)
            | Captured::Guarded(task, _)
            | Captured::Item(task) => !inside.contains(task),
        });
        Self { captures: true, ..Self::with_inputs(outside) }
    }

    /// Restricts the scope to a template that has only these tasks of its region.
    pub(in crate::lower) fn of_part(self, tasks: &[&Task]) -> Self {
        Self { part: Some(tasks.iter().map(|task| task.id.clone()).collect()), ..self }
    }

    /// Creates a scope with exactly these inputs.
    pub(in crate::lower) fn with_inputs(captures: impl IntoIterator<Item = Captured>) -> Self {
        Self { inputs: names::parameters(captures), ..Self::default() }
    }

    /// Returns the inputs with their names, in the order of the captured values.
    pub(in crate::lower) fn inputs(&self) -> impl Iterator<Item = (&Captured, &str)> {
        self.inputs.iter().map(|(captured, name)| (captured, name.as_str()))
    }

    /// Returns the runs among the inputs.
    pub(in crate::lower) fn runs(&self) -> impl Iterator<Item = &Captured> {
        // They are adjacent in the order of captured values.
        let first = Captured::Run(Vec::new());
        self.inputs
            .range(first..)
            .map(|(captured, _)| captured)
            .take_while(|captured| matches!(captured, Captured::Run(_)))
    }

    /// Returns the dependencies of the task within the template. Those in other parts of its region have succeeded
    /// before.
    pub(in crate::lower) fn dependencies<'a>(&self, checked: &Checked<'a>, task: &TaskId) -> Vec<&'a TaskId> {
        let is_here = |before: &&&TaskId| self.part.as_ref().is_none_or(|part| part.contains(**before));
        checked.node(task).dependencies.iter().filter(is_here).copied().collect()
    }

    /// Returns a name that no input has.
    pub(in crate::lower) fn free_name(&self, name: &str) -> String {
        let mut taken = self.inputs.values().cloned().collect();
        names::unique(name, &mut taken)
    }

    /// Returns the declarations of the inputs.
    pub(in crate::lower) fn declarations(&self) -> Vec<Port> {
        let port = if self.captures { Port::captured } else { Port::new };
        self.inputs.values().map(port).collect()
    }

    /// Makes the value an output of another task.
    pub(in crate::lower) fn relocate(&mut self, captured: Captured, task: &str, output: String) {
        self.relocated.insert(captured, (task.to_owned(), output));
    }

    /// Whether the value is an output of a part of the region.
    pub(in crate::lower) fn is_relocated(&self, captured: &Captured) -> bool {
        self.relocated.contains_key(captured)
    }

    /// Returns the source of a value.
    pub(in crate::lower) fn locate(
        &self,
        captured: &Captured,
        task_name: impl FnOnce(&TaskId) -> String,
    ) -> Source {
        if let Some((task, output)) = self.relocated.get(captured) {
            return Source::Task(task.clone(), output.clone());
        }
        match (self.inputs.get(captured), captured) {
            (Some(name), _) => Source::Input(name.clone()),
            (None, Captured::Output(task, output)) => Source::Task(task_name(task), output.clone()),
            (None, captured) => Source::Input(names::parameter(captured)),
        }
    }
}

impl Source {
    /// Returns the tag that Argo replaces with the value.
    pub(in crate::lower) fn tag(&self) -> Text {
        match self {
            Self::Input(name) => terms::input_tag(name),
            Self::Task(task, output) => terms::output_tag(task, output),
            Self::Workflow(name) => Text::variable(format!("workflow.parameters.{name}")),
        }
    }

    /// Returns the expression for the value.
    pub(in crate::lower) fn expression(&self) -> Expression {
        match self {
            Self::Input(name) => terms::input(name),
            Self::Task(task, output) => terms::output(task, output),
            Self::Workflow(name) => Expression::path("workflow", ["parameters"]).index(name.as_str().into()),
        }
    }
}
