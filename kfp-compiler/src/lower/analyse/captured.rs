//! Captured values: the values that regions pass to each other, each of them one Argo parameter.

use std::collections::BTreeSet;

use kfp_model::{Call, ConcatPart, Expression, OutputReference, Reference, Region, Task, TaskId, TaskKind};

use crate::check::for_each_own_expression;

/// A value that is made in one place and travels as one parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::lower) enum Captured {
    /// A parameter of the pipeline.
    Input(String),
    /// An output of a task.
    Output(TaskId, String),
    /// Outputs of several tasks that are items of a list one after the other: their texts with commas between.
    Run(Vec<OutputReference>),
    /// How the body of a guard ended.
    State(TaskId),
    /// What failed in the body of a guard.
    Failures(TaskId),
    /// What the body of a guard yields, as its exit region sees it.
    Guarded(TaskId, String),
    /// The item of a loop.
    Item(TaskId),
    /// How often a bounded call of a pipeline has called itself so far.
    Depth(String, TaskId),
}

impl Captured {
    /// The captured value that a reference names; a status consists of two, which [`of_field`](Self::of_field) names.
    pub(in crate::lower) fn of(reference: &Reference) -> Option<Self> {
        match reference {
            Reference::Input(name) => Some(Self::Input(name.clone())),
            Reference::Output(output) => Some(Self::Output(output.task.clone(), output.output.clone())),
            Reference::Guarded(output) => Some(Self::Guarded(output.task.clone(), output.output.clone())),
            Reference::Item(task) => Some(Self::Item(task.clone())),
            Reference::Status(_) => None,
        }
    }

    /// The captured value that a field of an expression is, where it is one.
    pub(in crate::lower) fn of_field(of: &Expression, name: &str) -> Option<Self> {
        match (of, name) {
            (Expression::Reference(Reference::Status(guard)), "state") => Some(Self::State(guard.clone())),
            (Expression::Reference(Reference::Status(guard)), "failures") => {
                Some(Self::Failures(guard.clone()))
            }
            _ => None,
        }
    }

    /// Both parts of a status.
    pub(in crate::lower) fn of_status(guard: &TaskId) -> [Self; 2] {
        [Self::Failures(guard.clone()), Self::State(guard.clone())]
    }
}

/// All captured values that the region and the regions in it take from anywhere, those made in it included. `counters`
/// tells which depths a call hands on.
pub(in crate::lower) fn used_in(
    region: &Region,
    counters: &dyn Fn(&Call) -> Vec<Captured>,
) -> BTreeSet<Captured> {
    let mut captures = BTreeSet::new();
    collect_region(region, counters, &mut captures);
    captures
}

/// The ids of the tasks that stand in the region or in regions in it.
pub(in crate::lower) fn tasks_in(region: &Region) -> BTreeSet<&TaskId> {
    region.tasks.iter().flat_map(tasks_of).collect()
}

/// The id of the task, and those of the tasks in its regions.
pub(in crate::lower) fn tasks_of(task: &Task) -> BTreeSet<&TaskId> {
    let inside = task.regions().into_iter().flat_map(tasks_in);
    inside.chain([&task.id]).collect()
}

/// All captured values that the task and the regions in it take from anywhere.
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
        Expression::Reference(Reference::Status(guard)) => captures.extend(Captured::of_status(guard)),
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
