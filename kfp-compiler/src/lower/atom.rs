//! Atoms: the values that regions hand on to each other, each of them one Argo parameter.

use std::collections::BTreeSet;

use kfp_model::{Expression, Reference, Region, Task, TaskId, TextPart};

use crate::check::{Nested, for_each_own_expression, nested_regions};

/// A value that is made in one place and travels as one parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Atom {
    /// A parameter of the pipeline.
    Input(String),
    /// An output of a task.
    Output(TaskId, String),
    /// How the body of a guard ended.
    State(TaskId),
    /// What failed in the body of a guard.
    Failures(TaskId),
    /// What the body of a guard yields, as its exit region sees it.
    Guarded(TaskId, String),
}

impl Atom {
    /// The atom that a reference names; a status consists of two, which [`of_field`](Self::of_field) names.
    pub(super) fn of(reference: &Reference) -> Option<Self> {
        match reference {
            Reference::Input(name) => Some(Self::Input(name.clone())),
            Reference::Output(output) => Some(Self::Output(output.task.clone(), output.output.clone())),
            Reference::Guarded(output) => Some(Self::Guarded(output.task.clone(), output.output.clone())),
            Reference::Status(_) | Reference::Item(_) => None,
        }
    }

    /// The atom that a field of an expression is, where it is one.
    pub(super) fn of_field(of: &Expression, name: &str) -> Option<Self> {
        match (of, name) {
            (Expression::Reference(Reference::Status(guard)), "state") => Some(Self::State(guard.clone())),
            (Expression::Reference(Reference::Status(guard)), "failures") => {
                Some(Self::Failures(guard.clone()))
            }
            _ => None,
        }
    }

    /// Both parts of a status.
    pub(super) fn of_status(guard: &TaskId) -> [Self; 2] {
        [Self::Failures(guard.clone()), Self::State(guard.clone())]
    }
}

/// All atoms that the region and the regions in it take from anywhere, those made in it included.
pub(super) fn used_in(region: &Region) -> BTreeSet<Atom> {
    let mut atoms = BTreeSet::new();
    collect_region(region, &mut atoms);
    atoms
}

/// The ids of the tasks that stand in the region or in regions in it.
pub(super) fn tasks_in(region: &Region) -> BTreeSet<&TaskId> {
    let mut ids = BTreeSet::new();
    for task in &region.tasks {
        ids.insert(&task.id);
        for Nested { region, .. } in nested(task) {
            ids.extend(tasks_in(region));
        }
    }
    ids
}

fn nested(task: &Task) -> Vec<Nested<'_>> {
    nested_regions(task, &kfp_model::Place::root())
}

fn collect_region(region: &Region, atoms: &mut BTreeSet<Atom>) {
    for value in region.yields.values() {
        collect_expression(value, atoms);
    }
    for task in &region.tasks {
        for_each_own_expression(task, &kfp_model::Place::root(), &mut |expression, _| {
            collect_expression(expression, atoms);
        });
        for Nested { region, .. } in nested(task) {
            collect_region(region, atoms);
        }
    }
}

/// Adds the atoms of an expression.
pub(super) fn collect_expression(expression: &Expression, atoms: &mut BTreeSet<Atom>) {
    match expression {
        Expression::Constant(_) => {}
        Expression::Reference(Reference::Status(guard)) => atoms.extend(Atom::of_status(guard)),
        Expression::Reference(reference) => atoms.extend(Atom::of(reference)),
        Expression::Field(access) => match Atom::of_field(&access.of, &access.name) {
            Some(atom) => {
                atoms.insert(atom);
            }
            None => collect_expression(&access.of, atoms),
        },
        Expression::List(items) | Expression::FirstPresent(items) => {
            for item in items {
                collect_expression(item, atoms);
            }
        }
        Expression::Struct(fields) => {
            for field in fields.values() {
                collect_expression(field, atoms);
            }
        }
        Expression::Text(parts) => {
            for part in parts {
                if let TextPart::Value(value) = part {
                    collect_expression(value, atoms);
                }
            }
        }
    }
}
