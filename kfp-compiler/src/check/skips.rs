//! Determines which tasks of a pipeline may be skipped.
//!
//! A task is skipped if a condition before it is false. Its values are then absent, which is different from `null`:
//! tasks that require them are skipped as well. An option is `null` instead. Absence never leaves a region: a
//! [rule](super::rules) checks that yielded values are present or options.

use std::collections::{BTreeSet, HashSet};

use kfp_model::{Branch, Reference, Task, TaskId, TaskKind, Trigger};

use super::dependencies::Dependencies;
use super::infer::Inference;
use super::needs::missing;

/// The tasks that may be skipped.
#[derive(Debug, Default)]
pub(crate) struct Skips<'a>(HashSet<&'a TaskId>);

impl<'a> Skips<'a> {
    /// Finds the tasks that may be skipped. `dependencies` must have the tasks in the order of the scopes' entries.
    /// Tasks in a cycle count as never skipped.
    pub(crate) fn of(inference: Inference<'_, 'a>, dependencies: &Dependencies<'a>) -> Self {
        let mut skips = Self::default();
        let mut waiting: Vec<usize> = dependencies.values().map(BTreeSet::len).collect();
        let mut dependants: Vec<Vec<usize>> = vec![Vec::new(); dependencies.len()];
        for (idx, before) in dependencies.values().enumerate() {
            for id in before {
                if let Some(earlier) = dependencies.get_index_of(id) {
                    dependants[earlier].push(idx);
                }
            }
        }
        let mut ready: Vec<usize> = (0..waiting.len()).filter(|idx| waiting[*idx] == 0).collect();
        while let Some(idx) = ready.pop() {
            if let Some((id, before)) = dependencies.get_index(idx)
                && let Some(entry) = inference.scopes.entries.get(id)
                && skips.may_be_skipped(inference, entry.task, before)
            {
                skips.0.insert(*id);
            }
            for &dependant in &dependants[idx] {
                waiting[dependant] -= 1;
                if waiting[dependant] == 0 {
                    ready.push(dependant);
                }
            }
        }
        skips
    }

    /// Whether no task may be skipped.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the task may be skipped.
    pub(crate) fn may_skip(&self, task: &TaskId) -> bool {
        self.0.contains(task)
    }

    /// Whether the reference names an output that may be absent.
    pub(crate) fn may_be_absent(&self, inference: Inference<'_, 'a>, reference: &Reference) -> bool {
        match reference {
            Reference::Output(output) => self.may_skip(&output.task) && !is_option(inference, reference),
            Reference::Input(_) | Reference::Item(_) | Reference::Status(_) | Reference::Guarded(_) => false,
        }
    }

    fn may_be_skipped(
        &self,
        inference: Inference<'_, 'a>,
        task: &Task,
        before: &BTreeSet<&'a TaskId>,
    ) -> bool {
        let own = match &task.kind {
            TaskKind::Branch(branch) => !yields(branch) && branch.otherwise.is_none(),
            _ => task.has_bound(),
        };
        let may_run_nothing =
            |id: &TaskId| inference.scopes.entries.get(id).is_some_and(|entry| may_run_no_arm(entry.task));
        let stops = |id: &TaskId| self.may_skip(id) || may_run_nothing(id);
        // The search for missing values is slow, and few tasks may be skipped.
        own || (task.trigger == Trigger::AllSucceeded
            && (task.after.iter().any(stops)
                || (before.iter().any(|id| self.may_skip(id))
                    && missing(task, inference.document, &|reference| {
                        self.may_be_absent(inference, reference)
                            && reference.task().is_some_and(|id| before.contains(id))
                    })
                    .is_some())))
    }
}

/// Whether an absent value of the reference is `null`.
fn is_option(inference: Inference<'_, '_>, reference: &Reference) -> bool {
    inference.reference(reference).is_some_and(|r#type| r#type.is_option())
}

/// Whether the branch yields values.
pub(crate) fn yields(branch: &Branch) -> bool {
    branch.arms.iter().any(|arm| !arm.region.yields.is_empty())
}

/// Whether the task is a branch with values that may run no arm. It then succeeds and its values are `null`, but the
/// tasks that name it in [`after`](Task::after) are skipped.
pub(crate) fn may_run_no_arm(task: &Task) -> bool {
    match &task.kind {
        TaskKind::Branch(branch) => yields(branch) && branch.otherwise.is_none(),
        _ => false,
    }
}
