//! The index of a pipeline's tasks: where each one stands, and what it waits for.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Arm, Condition, Expression, Pipeline, Place, Reference, Region, Task, TaskId, TaskKind};

/// A region of the pipeline, by the task that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct RegionId(usize);

/// A task and its surroundings.
#[derive(Debug)]
pub(crate) struct Entry<'a> {
    pub(crate) task: &'a Task,
    pub(crate) place: Place,
    pub(crate) region: RegionId,
}

/// Every task of a pipeline by its id, and how the regions nest.
#[derive(Debug)]
pub(crate) struct Scopes<'a> {
    pub(crate) entries: BTreeMap<&'a TaskId, Entry<'a>>,
    /// Ids that stand more than once, with the place of each later one.
    pub(crate) duplicates: Vec<(&'a TaskId, Place)>,
    /// For each region the task that holds it; none for the root.
    holders: Vec<Option<&'a TaskId>>,
}

/// A region that a task holds, with the last steps of its place.
pub(crate) struct Nested<'a> {
    pub(crate) region: &'a Region,
    pub(crate) place: Place,
}

impl<'a> Scopes<'a> {
    pub(crate) fn of(pipeline: &'a Pipeline, place: &Place) -> Self {
        let mut scopes = Self { entries: BTreeMap::new(), duplicates: Vec::new(), holders: Vec::new() };
        scopes.enter(&pipeline.root, &place.key("root"), None);
        scopes
    }

    fn enter(&mut self, region: &'a Region, place: &Place, holder: Option<&'a TaskId>) {
        let id = RegionId(self.holders.len());
        self.holders.push(holder);
        for (idx, task) in region.tasks.iter().enumerate() {
            let place = place.key("tasks").index(idx);
            if self.entries.contains_key(&task.id) {
                self.duplicates.push((&task.id, place));
                continue;
            }
            let nested = nested_regions(task, &place);
            self.entries.insert(&task.id, Entry { task, place, region: id });
            for Nested { region, place } in nested {
                self.enter(region, &place, Some(&task.id));
            }
        }
    }

    /// The task that stands in `region` and is `task` or holds it, if there is one.
    pub(crate) fn ancestor_in(&self, task: &'a TaskId, region: RegionId) -> Option<&'a TaskId> {
        let mut current = task;
        loop {
            let entry = self.entries.get(current)?;
            if entry.region == region {
                return Some(&entry.task.id);
            }
            current = self.holders[entry.region.0]?;
        }
    }

    /// The tasks of its own region that each task waits for.
    pub(crate) fn dependencies(&self) -> BTreeMap<&'a TaskId, BTreeSet<&'a TaskId>> {
        let mut dependencies: BTreeMap<_, BTreeSet<_>> =
            self.entries.keys().map(|id| (*id, BTreeSet::new())).collect();
        for (id, entry) in &self.entries {
            for target in targets(entry.task) {
                let Some((target, target_entry)) = self.entries.get_key_value(target) else { continue };
                if let Some(waiting) = self.ancestor_in(id, target_entry.region)
                    && waiting != *target
                    && let Some(before) = dependencies.get_mut(waiting)
                {
                    before.insert(*target);
                }
            }
        }
        dependencies
    }
}

/// The ids that a task itself names: in its arguments, conditions, items and `after`, and in what its regions
/// yield, but not those that the tasks in its regions name.
fn targets(task: &Task) -> Vec<&TaskId> {
    let mut targets: Vec<&TaskId> = task.after.iter().collect();
    for_each_own_reference(task, &mut |reference| targets.extend(reference.task()));
    targets
}

/// Calls `visit` with every reference that the task makes, the tasks in its regions aside.
pub(crate) fn for_each_own_reference<'a>(task: &'a Task, visit: &mut impl FnMut(&'a Reference)) {
    for_each_own_expression(task, &Place::root(), &mut |expression, _| expression.for_each_reference(visit));
}

/// Calls `visit` with every expression that the task holds, the tasks in its regions aside, and its place.
pub(crate) fn for_each_own_expression<'a>(
    task: &'a Task,
    place: &Place,
    visit: &mut impl FnMut(&'a Expression, &Place),
) {
    let kind = place.key("kind");
    match &task.kind {
        TaskKind::Call(call) => {
            let arguments = kind.key("call").key("arguments");
            for (name, argument) in &call.arguments {
                visit(argument, &arguments.key(name));
            }
        }
        TaskKind::Branch(branch) => {
            for (idx, Arm { condition, .. }) in branch.arms.iter().enumerate() {
                let place = kind.key("branch").key("arms").index(idx).key("condition");
                visit_condition(condition, &place, visit);
            }
        }
        TaskKind::Loop(repeat) => visit(&repeat.items, &kind.key("loop").key("items")),
        TaskKind::Import(import) => {
            let place = kind.key("import");
            visit(&import.uri, &place.key("uri"));
            for (name, value) in &import.metadata {
                visit(value, &place.key("metadata").key(name));
            }
        }
        TaskKind::Guard(_) | TaskKind::Approval(_) => {}
    }
    for Nested { region, place } in nested_regions(task, place) {
        for (name, value) in &region.yields {
            visit(value, &place.key("yields").key(name));
        }
    }
}

fn visit_condition<'a>(
    condition: &'a Condition,
    place: &Place,
    visit: &mut impl FnMut(&'a Expression, &Place),
) {
    condition.for_each_expression(&mut |expression| visit(expression, place));
}

/// The regions that a task holds, in the order in which they are written.
pub(crate) fn nested_regions<'a>(task: &'a Task, place: &Place) -> Vec<Nested<'a>> {
    let kind = place.key("kind");
    match &task.kind {
        TaskKind::Call(_) | TaskKind::Approval(_) | TaskKind::Import(_) => Vec::new(),
        TaskKind::Branch(branch) => {
            let place = kind.key("branch");
            let arms = branch.arms.iter().enumerate().map(|(idx, arm)| Nested {
                region: &arm.region,
                place: place.key("arms").index(idx).key("region"),
            });
            let otherwise =
                branch.otherwise.iter().map(|region| Nested { region, place: place.key("otherwise") });
            arms.chain(otherwise).collect()
        }
        TaskKind::Loop(repeat) => vec![Nested { region: &repeat.body, place: kind.key("loop").key("body") }],
        TaskKind::Guard(guard) => {
            let place = kind.key("guard");
            vec![
                Nested { region: &guard.body, place: place.key("body") },
                Nested { region: &guard.exit, place: place.key("exit") },
            ]
        }
    }
}
