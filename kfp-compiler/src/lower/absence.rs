//! Which tasks may be skipped, and which values may therefore be absent.
//!
//! A task is skipped where a condition before it does not hold. Its values are then absent, which is not the
//! same as `null`: who cannot do without them is skipped in turn. Between DAG templates an absent value is an
//! empty text, which no JSON text is.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Branch, Call, Callee, Reference, Region, Task, TaskId, TaskKind, Trigger};

use super::order;
use super::pipelines::Pipelines;
use crate::check::{Checked, missing, missing_of};

/// What may be missing at run time, in all pipelines of a workflow.
#[derive(Default)]
pub(super) struct Absence<'a> {
    /// Tasks that may be skipped, by pipeline.
    skipped: BTreeSet<(&'a str, &'a TaskId)>,
    /// Outputs that may be empty although their task succeeds.
    empty: BTreeSet<(&'a str, &'a TaskId, &'a str)>,
    /// Outputs of whole pipelines that may be empty; nothing while a pipeline is looked at.
    outputs: BTreeMap<&'a str, Option<BTreeSet<&'a str>>>,
}

impl<'a> Absence<'a> {
    pub(super) fn of(pipelines: &Pipelines<'_, 'a>) -> Self {
        let mut absence = Self::default();
        for checked in pipelines.all() {
            absence.pipeline(pipelines, checked);
        }
        absence
    }

    /// Whether the task may be skipped.
    pub(super) fn may_skip(&self, checked: &Checked<'a>, task: &TaskId) -> bool {
        let node = checked.node(task);
        self.skipped.contains(&(checked.pipeline().name.as_str(), &node.task.id))
    }

    /// Whether the output may be empty although its task has succeeded.
    pub(super) fn may_be_empty(&self, checked: &Checked<'a>, task: &TaskId, output: &str) -> bool {
        let node = checked.node(task);
        self.empty.contains(&(checked.pipeline().name.as_str(), &node.task.id, output))
    }

    /// Whether there may be no value.
    pub(super) fn may_be_absent(&self, checked: &Checked<'a>, task: &TaskId, output: &str) -> bool {
        self.may_skip(checked, task) || self.may_be_empty(checked, task, output)
    }

    /// Whether the task cannot run without a value of `before`, or without its success.
    pub(super) fn needs(&self, checked: &Checked<'a>, task: &Task, before: &TaskId) -> bool {
        task.after.contains(before)
            || missing(
                task,
                checked,
                &|reference| matches!(reference, Reference::Output(output) if output.task == *before),
            )
            .is_some()
    }

    /// Whether a value of one of these tasks may be absent. What comes from regions around is there, or else
    /// nothing here runs.
    fn is_absent(&self, checked: &Checked<'a>, among: &[&TaskId], reference: &Reference) -> bool {
        match reference {
            Reference::Output(output) => {
                // Few values may be absent, and a task may have very many before it.
                self.may_be_absent(checked, &output.task, &output.output) && among.contains(&&output.task)
            }
            Reference::Input(_) | Reference::Item(_) | Reference::Status(_) | Reference::Guarded(_) => false,
        }
    }

    fn pipeline(&mut self, pipelines: &Pipelines<'_, 'a>, checked: &Checked<'a>) {
        let pipeline = checked.pipeline();
        if self.outputs.contains_key(pipeline.name.as_str()) {
            return;
        }
        self.outputs.insert(&pipeline.name, None);
        self.region(pipelines, checked, &pipeline.root);
        let empty = self.lacking(checked, &pipeline.root);
        self.outputs.insert(&pipeline.name, Some(empty));
    }

    fn region(&mut self, pipelines: &Pipelines<'_, 'a>, checked: &Checked<'a>, region: &'a Region) {
        for task in order::tasks(checked, region) {
            for inner in task.regions() {
                self.region(pipelines, checked, inner);
            }
            self.task(pipelines, checked, task);
        }
    }

    fn task(&mut self, pipelines: &Pipelines<'_, 'a>, checked: &Checked<'a>, task: &'a Task) {
        let pipeline = checked.pipeline().name.as_str();
        if task.trigger == Trigger::AllSucceeded && self.is_skippable(checked, task) {
            self.skipped.insert((pipeline, &task.id));
        }
        let empty: BTreeSet<&'a str> = match &task.kind {
            TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => {
                let callee = pipelines.get(name);
                self.pipeline(pipelines, callee);
                let outputs = callee.pipeline().outputs.keys().map(String::as_str);
                match &self.outputs[name.as_str()] {
                    Some(empty) => empty.clone(),
                    // A pipeline that calls itself: anything of it may be missing.
                    None => outputs.collect(),
                }
            }
            TaskKind::Branch(_) | TaskKind::Guard(_) => {
                task.regions().into_iter().flat_map(|region| self.lacking(checked, region)).collect()
            }
            TaskKind::Call(_) | TaskKind::Loop(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {
                BTreeSet::new()
            }
        };
        self.empty.extend(empty.into_iter().map(|output| (pipeline, &task.id, output)));
    }

    fn is_skippable(&self, checked: &Checked<'a>, task: &Task) -> bool {
        let own = match &task.kind {
            TaskKind::Call(call) => call.max_depth.is_some(),
            TaskKind::Branch(branch) => !yields(branch) && branch.otherwise.is_none(),
            _ => false,
        };
        let ends_early = |id: &TaskId| self.may_skip(checked, id) || may_go_untaken(checked, id);
        let before = &checked.node(&task.id).dependencies;
        own || task.after.iter().any(ends_early)
            || missing(task, checked, &|reference| self.is_absent(checked, before, reference)).is_some()
    }

    /// What of a region's yields may have no value.
    fn lacking(&self, checked: &Checked<'a>, region: &'a Region) -> BTreeSet<&'a str> {
        let inside: Vec<&TaskId> = region.tasks.iter().map(|task| &task.id).collect();
        let is_absent = |reference: &Reference| self.is_absent(checked, &inside, reference);
        let lacking = region
            .yields
            .iter()
            .filter(|(_, expression)| missing_of(expression, checked, &is_absent).is_some());
        lacking.map(|(name, _)| name.as_str()).collect()
    }
}

/// Whether values leave the branch.
pub(super) fn yields(branch: &Branch) -> bool {
    branch.arms.iter().any(|arm| !arm.region.yields.is_empty())
}

/// Whether the task is a branch with values that may run none of its arms: it succeeds, its values are `null`,
/// and yet whatever is to run after it is skipped.
pub(super) fn may_go_untaken(checked: &Checked<'_>, id: &TaskId) -> bool {
    match &checked.node(id).task.kind {
        TaskKind::Branch(branch) => yields(branch) && branch.otherwise.is_none(),
        _ => false,
    }
}
