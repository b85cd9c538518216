//! Instances of pipelines that become templates of their own.
//!
//! They are the instances of the program, one for each policy that reaches a pipeline; where an exit handler in a
//! pipeline reads values, each call has its own, as those values have names that the whole workflow sees.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Policy, TaskId};

use crate::check::{InstanceId, PolicyId, Program};
use crate::lower::analyse::globals;

/// A pipeline under a policy.
#[derive(Debug)]
pub(in crate::lower) struct Instance<'a> {
    pub(in crate::lower) name: &'a str,
    id: InstanceId,
}

/// All instances, and what the tasks in them call.
#[derive(Debug)]
pub(in crate::lower) struct Instances<'c, 'a> {
    program: &'c Program<'a>,
    /// The first one is the pipeline that is lowered.
    pub(in crate::lower) all: Vec<Instance<'a>>,
    /// The instance that a task calls, by the instance that it stands in.
    calls: BTreeMap<(usize, &'a TaskId), usize>,
}

impl<'c, 'a> Instances<'c, 'a> {
    pub(in crate::lower) fn of(program: &'c Program<'a>) -> Self {
        let mut instances = Self { program, all: Vec::new(), calls: BTreeMap::new() };
        instances.instance(program.root_instance());
        let mut next = 0;
        while next < instances.all.len() {
            for (task, called) in program.calls_in(instances.all[next].id) {
                let called = instances.instance(called);
                instances.calls.insert((next, task), called);
            }
            next += 1;
        }
        instances
    }

    /// The instance that a task of the instance `caller` calls.
    pub(in crate::lower) fn called(&self, caller: usize, task: &'a TaskId) -> usize {
        self.calls[&(caller, task)]
    }

    /// The steps by the instance that they stand in, with their policies.
    pub(in crate::lower) fn steps(&self) -> impl Iterator<Item = (usize, &'a TaskId, PolicyId)> {
        self.all.iter().enumerate().flat_map(|(instance, Instance { id, .. })| {
            self.program.steps_in(*id).map(move |(task, policy)| (instance, task, policy))
        })
    }

    /// The policy that a step runs under.
    pub(in crate::lower) fn policy_of(&self, instance: usize, task: &TaskId) -> &'c Policy {
        self.program.policy(self.all[instance].id, task)
    }

    /// The policy itself.
    pub(in crate::lower) fn policy(&self, id: PolicyId) -> &'c Policy {
        self.program.policy_of(id)
    }

    /// The instances that are called from somewhere.
    pub(in crate::lower) fn all_called(&self) -> impl Iterator<Item = usize> {
        self.calls.values().copied().collect::<BTreeSet<_>>().into_iter()
    }

    fn instance(&mut self, id: InstanceId) -> usize {
        let name = self.program.of_instance(id).pipeline().name.as_str();
        if let Some(idx) = self.all.iter().position(|instance| instance.id == id)
            && !globals::are_wanted(self.program, name)
        {
            return idx;
        }
        self.all.push(Instance { name, id });
        self.all.len() - 1
    }
}
