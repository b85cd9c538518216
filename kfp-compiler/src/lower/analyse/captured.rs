//! Captured values: the values that regions pass to each other, each as one Argo parameter.

use std::collections::BTreeSet;

use kfp_model::{Call, ConcatPart, Expression, OutputReference, Reference, Region, Task, TaskId, TaskKind};

use crate::check::for_each_own_expression;

/// A value that is produced in one place and passed as one parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lower) enum Captured {
    /// A parameter of the pipeline.
    Input(String),
    /// An output of a task.
    Output(TaskId, String),
    /// Outputs of several tasks that are consecutive items of a list: their JSON texts, joined with commas.
    Run(Vec<OutputReference>),
    /// The final state of the body of an exit handler.
    State(TaskId),
    /// The failures in the body of an exit handler.
    Failures(TaskId),
    /// A yielded value of the body of an exit handler, in its exit region.
    Guarded(TaskId, String),
    /// The item of a loop.
    Item(TaskId),
    /// The current recursion depth of a bounded call of a pipeline.
    Depth(String, TaskId),
}

impl Captured {
    /// Returns the captured value of a reference. A status consists of two, which [`of_field`](Self::of_field) returns.
    pub(in crate::lower) fn of(reference: &Reference) -> Option<Self> {
        match reference {
            Reference::Input(name) => Some(Self::Input(name.clone())),
            Reference::Output(output) => Some(Self::Output(output.task.clone(), output.output.clone())),
            Reference::Guarded(output) => Some(Self::Guarded(output.task.clone(), output.output.clone())),
            Reference::Item(task) => Some(Self::Item(task.clone())),
            Reference::Status(_) => None,
        }
    }

    /// Returns the captured value of a field of a status.
    pub(in crate::lower) fn of_field(of: &Expression, name: &str) -> Option<Self> {
        match (of, name) {
            (Expression::Reference(Reference::Status(handler)), "state") => {
                Some(Self::State(handler.clone()))
            }
            (Expression::Reference(Reference::Status(handler)), "failures") => {
                Some(Self::Failures(handler.clone()))
            }
            _ => None,
        }
    }

    /// Returns both parts of a status.
    pub(in crate::lower) fn of_status(handler: &TaskId) -> [Self; 2] {
        [Self::Failures(handler.clone()), Self::State(handler.clone())]
    }
}

/// Returns all captured values that the region and its nested regions use, including those that are produced in it.
/// `counters` returns the depths that a call passes on.
pub(in crate::lower) fn used_in(
    region: &Region,
    counters: &dyn Fn(&Call) -> Vec<Captured>,
) -> BTreeSet<Captured> {
    let mut captures = BTreeSet::new();
    collect_region(region, counters, &mut captures);
    captures
}

/// Returns the ids of the tasks in the region and its nested regions.
pub(in crate::lower) fn tasks_in(region: &Region) -> BTreeSet<&TaskId> {
    region.tasks.iter().flat_map(tasks_of).collect()
}

/// Returns the id of the task and of the tasks in its regions.
pub(in crate::lower) fn tasks_of(task: &Task) -> BTreeSet<&TaskId> {
    let inside = task.regions().into_iter().flat_map(tasks_in);
    inside.chain([&task.id]).collect()
}

/// Returns all captured values that the task and its regions use.
pub(in crate::lower) fn used_by(
    task: &Task,
    counters: &dyn Fn(&Call) -> Vec<Captured>,
) -> BTreeSet<Captured> {
    let mut captures = BTreeSet::new();
    collect_task(task, counters, &mut captures);
    captures
}

fn collect_region(
    region: &Region,
    counters: &dyn Fn(&Call) -> Vec<Captured>,
    captures: &mut BTreeSet<Captured>,
) {
    for value in region.yields.values() {
        collect_expression(value, captures);
    }
    for task in &region.tasks {
        collect_task(task, counters, captures);
    }
}

fn collect_task(task: &Task, counters: &dyn Fn(&Call) -> Vec<Captured>, captures: &mut BTreeSet<Captured>) {
    for_each_own_expression(task, &mut |expression| collect_expression(expression, captures));
    if let TaskKind::Call(call) = &task.kind {
        captures.extend(counters(call));
    }
    for region in task.regions() {
        collect_region(region, counters, captures);
    }
}

/// Adds the captured values of an expression.
pub(in crate::lower) fn collect_expression(expression: &Expression, captures: &mut BTreeSet<Captured>) {
    match expression {
        Expression::Constant(_) => {}
        Expression::Reference(Reference::Status(handler)) => captures.extend(Captured::of_status(handler)),
        Expression::Reference(reference) => captures.extend(Captured::of(reference)),
        Expression::Field(access) => match Captured::of_field(&access.of, &access.name) {
            Some(captured) => {
                captures.insert(captured);
            }
            None => collect_expression(&access.of, captures),
        },
        Expression::List(items) | Expression::FirstPresent(items) => {
            for item in items {
                collect_expression(item, captures);
            }
        }
        Expression::Struct(fields) => {
            for field in fields.values() {
                collect_expression(field, captures);
            }
        }
        Expression::Concat(parts) => {
            for part in parts {
                if let ConcatPart::Value(value) = part {
                    collect_expression(value, captures);
                }
            }
        }
    }
}
