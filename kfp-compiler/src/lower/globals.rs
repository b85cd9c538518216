//! Values that the whole workflow sees, because an exit handler wants them.

use std::collections::BTreeMap;

use kfp_model::{Expression, Guard, Reference, TaskId, TaskKind};

use super::atom::{Atom, used_in};
use super::names;
use super::pipelines::Pipelines;
use crate::check::Checked;

/// The outputs of each task that have a global name, by pipeline and task.
#[derive(Default)]
pub(super) struct Globals<'a> {
    by_task: BTreeMap<(&'a str, &'a TaskId), BTreeMap<String, String>>,
    root: &'a str,
}

impl<'a> Globals<'a> {
    pub(super) fn of(pipelines: &Pipelines<'_, 'a>) -> Self {
        let root = pipelines.all().next().map_or("", |checked| checked.pipeline().name.as_str());
        let mut globals = Self { root, ..Self::default() };
        for checked in pipelines.all() {
            for node in checked.nodes() {
                if let TaskKind::Guard(guard) = &node.task.kind {
                    globals.add(checked, guard);
                }
            }
        }
        globals
    }

    fn add(&mut self, checked: &Checked<'a>, guard: &'a Guard) {
        for (task, output) in wanted(guard) {
            let name = self.name(checked, task, output);
            let key = (checked.pipeline().name.as_str(), task);
            self.by_task.entry(key).or_default().insert(output.to_owned(), name);
        }
    }

    /// The global names of a task's outputs.
    pub(super) fn of_task(&self, checked: &Checked<'a>, task: &TaskId) -> Option<&BTreeMap<String, String>> {
        let task = &checked.node(task).task.id;
        self.by_task.get(&(checked.pipeline().name.as_str(), task))
    }

    /// The name under which the whole workflow sees an output.
    pub(super) fn name(&self, checked: &Checked<'_>, task: &TaskId, output: &str) -> String {
        let pipeline = checked.pipeline().name.as_str();
        let name = format!("{}-{output}", names::kebab(&task.0));
        if pipeline == self.root { name } else { format!("{}-{name}", names::kebab(pipeline)) }
    }
}

/// The outputs of tasks that the exit of a guard wants to know.
pub(super) fn wanted(guard: &Guard) -> Vec<(&TaskId, &str)> {
    let names = used_in(&guard.exit, &|_| Vec::new()).into_iter().filter_map(|atom| match atom {
        Atom::Guarded(_, name) => Some(name),
        _ => None,
    });
    let output = |name: String| match guard.body.yields.get(&name) {
        Some(Expression::Reference(Reference::Output(output))) => {
            Some((&output.task, output.output.as_str()))
        }
        _ => None,
    };
    names.filter_map(output).collect()
}
