//! Instances of pipelines: a pipeline under what its call, and all around it, says about its steps.
//!
//! Cache, retries and timeout of a call or group hold for the steps in it that say nothing themselves. So a
//! pipeline that is called under two policies is lowered twice, and otherwise once; but for each call where an
//! exit handler in it wants values, as those have names that the whole workflow sees.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Cache, Call, Callee, Policy, Region, Task, TaskId, TaskKind};

use super::globals;
use super::pipelines::Pipelines;
use crate::check::Checked;

/// A pipeline under a policy.
#[derive(Debug)]
pub(super) struct Instance<'a> {
    pub(super) name: &'a str,
    /// What holds for steps that say nothing themselves.
    shared: Policy,
}

/// All instances, and what the tasks in them call.
#[derive(Debug, Default)]
pub(super) struct Instances<'a> {
    /// The first one is the pipeline that is lowered.
    pub(super) all: Vec<Instance<'a>>,
    /// The instance that a task calls, by the instance that it stands in.
    calls: BTreeMap<(usize, &'a TaskId), usize>,
    /// The policy that a step runs under.
    pub(super) steps: BTreeMap<(usize, &'a TaskId), Policy>,
}

impl<'a> Instances<'a> {
    pub(super) fn of(pipelines: &Pipelines<'_, 'a>) -> Self {
        let mut instances = Self::default();
        for checked in pipelines.all().take(1) {
            instances.instance(pipelines, checked, Policy::default());
        }
        let mut next = 0;
        while next < instances.all.len() {
            let Instance { name, shared } = &instances.all[next];
            let (checked, shared) = (pipelines.get(name), shared.clone());
            instances.region(pipelines, checked, next, &checked.pipeline().root, &shared);
            next += 1;
        }
        instances
    }

    /// The instance that a task of the instance `caller` calls.
    pub(super) fn called(&self, caller: usize, task: &'a TaskId) -> usize {
        self.calls[&(caller, task)]
    }

    /// The instances that are called from somewhere.
    pub(super) fn all_called(&self) -> impl Iterator<Item = usize> {
        self.calls.values().copied().collect::<BTreeSet<_>>().into_iter()
    }

    fn instance(
        &mut self,
        pipelines: &Pipelines<'_, 'a>,
        checked: &Checked<'a>,
        mut shared: Policy,
    ) -> usize {
        if shared.cache.is_none() {
            shared.cache.clone_from(&checked.pipeline().settings.cache);
        }
        let name = checked.pipeline().name.as_str();
        let same = |instance: &Instance<'_>| instance.name == name && instance.shared == shared;
        if let Some(idx) = self.all.iter().position(same)
            && !globals::are_wanted(pipelines, name)
        {
            return idx;
        }
        self.all.push(Instance { name, shared });
        self.all.len() - 1
    }

    fn region(
        &mut self,
        pipelines: &Pipelines<'_, 'a>,
        checked: &Checked<'a>,
        idx: usize,
        region: &'a Region,
        shared: &Policy,
    ) {
        for task in &region.tasks {
            self.task(pipelines, checked, idx, task, shared);
        }
    }

    fn task(
        &mut self,
        pipelines: &Pipelines<'_, 'a>,
        checked: &Checked<'a>,
        idx: usize,
        task: &'a Task,
        shared: &Policy,
    ) {
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                let mut policy = task.policy.or(&checked.component(id).policy).or(shared);
                policy.cache = policy.cache.filter(|cache| *cache != Cache::Off);
                self.steps.insert((idx, &task.id), policy);
            }
            TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => {
                let callee = pipelines.get(name);
                let mut own = task.policy.handed_down();
                if own.cache.is_none() {
                    own.cache.clone_from(&callee.pipeline().settings.cache);
                }
                let called = self.instance(pipelines, callee, own.or(shared));
                self.calls.insert((idx, &task.id), called);
            }
            TaskKind::Guard(guard) => {
                let inner = task.policy.handed_down().or(shared);
                self.region(pipelines, checked, idx, &guard.body, &inner);
                self.region(pipelines, checked, idx, &guard.exit, shared);
            }
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {
                let inner = task.policy.handed_down().or(shared);
                for region in task.regions() {
                    self.region(pipelines, checked, idx, region, &inner);
                }
            }
        }
    }
}
