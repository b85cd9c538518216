//! Instances of pipelines, each of which becomes a template.
//!
//! There is one for each instance of the program, that is, for each policy that a pipeline inherits. If an exit handler
//! in a pipeline uses values, there is one for each call, because these values have global names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kfp_model::{Policy, TaskId};

use crate::check::{InstanceId, PolicyId, Program};
use crate::lower::analyse::globals;

/// A pipeline with the policy that it inherits.
#[derive(Debug)]
pub(in crate::lower) struct Instance<'a> {
    pub(in crate::lower) name: &'a str,
    id: InstanceId,
}

/// All instances, and what the tasks in them call.
#[derive(Debug)]
pub(in crate::lower) struct Instances<'c, 'a> {
    program: &'c Program<'a>,
    /// The first one is the root pipeline.
    pub(in crate::lower) all: Vec<Instance<'a>>,
    /// The position of the instances that all calls share.
    shared: HashMap<InstanceId, usize>,
    /// Whether the calls of a pipeline need separate instances.
    are_separate: HashMap<&'a str, bool>,
    /// The instance that a task calls, by the instance that contains the task.
    calls: BTreeMap<(usize, &'a TaskId), usize>,
}

impl<'c, 'a> Instances<'c, 'a> {
    pub(in crate::lower) fn of(program: &'c Program<'a>) -> Self {
        let (all, calls) = (Vec::new(), BTreeMap::new());
        let (shared, are_separate) = (HashMap::new(), HashMap::new());
        let mut instances = Self { program, all, shared, are_separate, calls };
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

    /// Returns the instance that a task of the instance `caller` calls.
    pub(in crate::lower) fn called(&self, caller: usize, task: &'a TaskId) -> usize {
        self.calls[&(caller, task)]
    }

    /// Returns all steps with their instance and policy.
    pub(in crate::lower) fn steps(&self) -> impl Iterator<Item = (usize, &'a TaskId, PolicyId)> {
        self.all.iter().enumerate().flat_map(|(instance, Instance { id, .. })| {
            self.program.steps_in(*id).map(move |(task, policy)| (instance, task, policy))
        })
    }

    /// Returns the policy of a step.
    pub(in crate::lower) fn policy_of(&self, instance: usize, task: &TaskId) -> &'c Policy {
        self.program.policy(self.all[instance].id, task)
    }

    /// Returns the policy with that number.
    pub(in crate::lower) fn policy(&self, id: PolicyId) -> &'c Policy {
        self.program.policy_of(id)
    }

    /// Returns the instances that are called.
    pub(in crate::lower) fn all_called(&self) -> impl Iterator<Item = usize> {
        self.calls.values().copied().collect::<BTreeSet<_>>().into_iter()
    }

    fn instance(&mut self, id: InstanceId) -> usize {
        let (program, next) = (self.program, self.all.len());
        let name = program.of_instance(id).pipeline().name.as_str();
        let are_separate = *self.are_separate.entry(name).or_insert_with(|| globals::are_used(program, name));
        if !are_separate && let Some(idx) = self.shared.get(&id) {
            return *idx;
        }
        self.shared.insert(id, next);
        self.all.push(Instance { name, id });
        next
    }
}
