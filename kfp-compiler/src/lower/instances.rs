//! Instances of pipelines: a pipeline under what its call, and all around it, says about its steps.
//!
//! Cache, retries and timeout of a call or group hold for the steps in it that say nothing themselves. So a
//! pipeline that is called under two policies is lowered twice, and otherwise once; but for each call where an
//! exit handler in it wants values, as those have names that the whole workflow sees.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kfp_model::{Call, Callee, ComponentId, Policy, Region, Task, TaskId, TaskKind};

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
    steps: BTreeMap<(usize, &'a TaskId), PolicyId>,
    policies: Vec<Policy>,
    /// What steps that say nothing themselves run under, by their component and what holds around them.
    plain: HashMap<(&'a ComponentId, PolicyId), PolicyId>,
}

/// One of the policies that steps run under. There are few for many steps, but two of them may be equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PolicyId(usize);

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
            let shared = instances.add(shared);
            instances.region(pipelines, checked, next, &checked.pipeline().root, shared);
            next += 1;
        }
        instances
    }

    /// The instance that a task of the instance `caller` calls.
    pub(super) fn called(&self, caller: usize, task: &'a TaskId) -> usize {
        self.calls[&(caller, task)]
    }

    /// The steps by the instance that they stand in, with their policies.
    pub(super) fn steps(&self) -> impl Iterator<Item = (usize, &'a TaskId, PolicyId)> {
        self.steps.iter().map(|((instance, task), policy)| (*instance, *task, *policy))
    }

    /// The policy that a step runs under.
    pub(super) fn policy_of(&self, instance: usize, task: &'a TaskId) -> &Policy {
        self.policy(self.steps[&(instance, task)])
    }

    /// The policy itself.
    pub(super) fn policy(&self, id: PolicyId) -> &Policy {
        &self.policies[id.0]
    }

    fn add(&mut self, policy: Policy) -> PolicyId {
        self.policies.push(policy);
        PolicyId(self.policies.len() - 1)
    }

    /// What the task says for the steps in it, or else what holds around it.
    fn inside(&mut self, task: &Task, shared: PolicyId) -> PolicyId {
        let own = task.policy.handed_down();
        if own.is_empty() { shared } else { self.add(own.or(self.policy(shared))) }
    }

    /// What a call of the component runs under.
    fn step(
        &mut self,
        checked: &Checked<'a>,
        task: &Task,
        id: &'a ComponentId,
        shared: PolicyId,
    ) -> PolicyId {
        let known = self.plain.get(&(id, shared)).filter(|_| task.policy.is_empty());
        if let Some(policy) = known {
            return *policy;
        }
        let policy = Policy::of_step(&task.policy, &checked.component(id).policy, self.policy(shared));
        let policy = self.add(policy);
        if task.policy.is_empty() {
            self.plain.insert((id, shared), policy);
        }
        policy
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
        shared: PolicyId,
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
        shared: PolicyId,
    ) {
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                let policy = self.step(checked, task, id, shared);
                self.steps.insert((idx, &task.id), policy);
            }
            TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => {
                let callee = pipelines.get(name);
                let mut own = task.policy.handed_down();
                if own.cache.is_none() {
                    own.cache.clone_from(&callee.pipeline().settings.cache);
                }
                let policy = own.or(self.policy(shared));
                let called = self.instance(pipelines, callee, policy);
                self.calls.insert((idx, &task.id), called);
            }
            TaskKind::Guard(guard) => {
                let inner = self.inside(task, shared);
                self.region(pipelines, checked, idx, &guard.body, inner);
                self.region(pipelines, checked, idx, &guard.exit, shared);
            }
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {
                let inner = self.inside(task, shared);
                for region in task.regions() {
                    self.region(pipelines, checked, idx, region, inner);
                }
            }
        }
    }
}
