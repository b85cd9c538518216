//! Values that exit handlers use, which become global outputs of the workflow.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{ExitHandler, Expression, Reference, TaskId, TaskKind};
use serde_json::Value;

use crate::check::{Checked, Program};
use crate::dag_names;
use crate::lower::analyse::captured::{Captured, used_in};
use crate::lower::analyse::names;

/// The outputs of each task that have a global name, by pipeline and task, and their names in the pipeline.
#[derive(Default)]
pub(in crate::lower) struct Globals<'a> {
    by_task: BTreeMap<(&'a str, &'a TaskId), BTreeMap<&'a str, String>>,
}

impl<'a> Globals<'a> {
    pub(in crate::lower) fn of(program: &Program<'a>) -> Self {
        let mut globals = Self::default();
        for checked in program.pipelines() {
            let handlers = checked.nodes().filter_map(|node| match &node.task.kind {
                TaskKind::ExitHandler(handler) => Some(handler),
                _ => None,
            });
            let used: BTreeSet<(&TaskId, &str)> = handlers.flat_map(used_outputs).collect();
            let mut taken = BTreeSet::new();
            for (task, output) in used {
                let name = format!("{}-{output}", dag_names::kebab(&task.0));
                let name = names::unique(&name, &mut taken);
                let key = (checked.pipeline().name.as_str(), task);
                globals.by_task.entry(key).or_default().insert(output, name);
            }
        }
        globals
    }

    /// Returns the global names of a task's outputs, in an instance of its pipeline.
    pub(in crate::lower) fn of_task(
        &self,
        instance: usize,
        checked: &Checked<'a>,
        task: &TaskId,
    ) -> BTreeMap<String, String> {
        let task = &checked.node(task).task.id;
        let outputs = self.by_task.get(&(checked.pipeline().name.as_str(), task));
        let named =
            |(output, name): (&&str, &String)| ((*output).to_owned(), in_instance(instance, checked, name));
        outputs.into_iter().flatten().map(named).collect()
    }

    /// Returns the global name of an output.
    pub(in crate::lower) fn name(
        &self,
        instance: usize,
        checked: &Checked<'_>,
        task: &TaskId,
        output: &str,
    ) -> String {
        let outputs = &self.by_task[&(checked.pipeline().name.as_str(), task)];
        in_instance(instance, checked, &outputs[output])
    }
}

/// Returns the name in the workflow of an output with that name in its pipeline.
fn in_instance(instance: usize, checked: &Checked<'_>, name: &str) -> String {
    match instance {
        0 => name.to_owned(),
        number => format!("{}-{number}-{name}", dag_names::kebab(&checked.pipeline().name)),
    }
}

/// Whether an exit handler in the pipeline, or in one that it calls, uses values. Each call of such a pipeline needs
/// separate global names.
pub(in crate::lower) fn are_used(program: &Program<'_>, name: &str) -> bool {
    program.with_called(name).into_iter().any(|checked| {
        checked.nodes().any(|node| match &node.task.kind {
            TaskKind::ExitHandler(handler) => !used_outputs(handler).is_empty(),
            _ => false,
        })
    })
}

/// Returns the outputs of tasks that the exit region of an exit handler uses.
pub(in crate::lower) fn used_outputs(handler: &ExitHandler) -> Vec<(&TaskId, &str)> {
    let names = used_in(&handler.exit, &|_| Vec::new()).into_iter().filter_map(|captured| match captured {
        Captured::Guarded(_, name) => Some(name),
        _ => None,
    });
    let output = |name: String| match handler.body.yields.get(&name).map(as_guarded) {
        Some(Expression::Reference(Reference::Output(output))) => {
            Some((&output.task, output.output.as_str()))
        }
        _ => None,
    };
    names.filter_map(output).collect()
}

/// Returns a yielded value as the exit region sees it. There, every value is an option, so the conversion of the value
/// into an option is removed.
pub(in crate::lower) fn as_guarded(value: &Expression) -> &Expression {
    match value {
        Expression::FirstPresent(options) => match options.as_slice() {
            [value, Expression::Constant(Value::Null)] => value,
            _ => value,
        },
        _ => value,
    }
}
