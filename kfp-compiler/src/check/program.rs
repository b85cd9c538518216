//! A checked pipeline with everything that it calls.

use kfp_model::{Callee, Component, Document, Policy, Task, TaskId, TaskKind};

use super::calls::CallGraph;
use super::checked::Checked;
use super::instances::{InstanceId, Instances, PolicyId};

/// A checked pipeline with all pipelines that it calls. Only [`check`](super::check()) creates one. All back ends take
/// it as their input, so none of them checks anything again.
///
/// The policy of a step depends on the enclosing calls and groups, so it belongs to an *instance* of the step's
/// pipeline: the [root](Self::root_instance), or one that a task of another instance [calls](Self::called).
#[derive(Debug)]
pub struct Program<'a> {
    document: &'a Document,
    /// The root, then the others by name.
    pipelines: Vec<Checked<'a>>,
    calls: CallGraph<'a>,
    instances: Instances<'a>,
}

impl<'a> Program<'a> {
    /// Creates a program of checked pipelines, of which the first is the root.
    pub(super) fn new(
        document: &'a Document,
        mut pipelines: Vec<Checked<'a>>,
        calls: CallGraph<'a>,
        instances: Instances<'a>,
    ) -> Self {
        pipelines[1..].sort_unstable_by_key(|checked| &checked.pipeline().name);
        Self { document, pipelines, calls, instances }
    }

    /// Returns the document that contains the pipelines.
    pub fn document(&self) -> &'a Document {
        self.document
    }

    /// Returns the pipeline that was passed to [`check`](super::check()).
    pub fn root(&self) -> &Checked<'a> {
        &self.pipelines[0]
    }

    /// Returns the pipeline with that name.
    ///
    /// # Panics
    /// Panics if the program has no such pipeline.
    pub fn pipeline(&self, name: &str) -> &Checked<'a> {
        if self.root().pipeline().name == name {
            return self.root();
        }
        let others = &self.pipelines[1..];
        let idx = others.binary_search_by_key(&name, |checked| &checked.pipeline().name);
        &others[idx.unwrap_or_else(|_| panic!("pipeline `{name}` is not reached"))]
    }

    /// Returns the root, then the pipelines that it calls, directly or through others, sorted by name.
    pub fn pipelines(&self) -> impl Iterator<Item = &Checked<'a>> {
        self.pipelines.iter()
    }

    /// Returns the pipeline, then all pipelines that it calls, directly or through others, sorted by name.
    pub fn with_called(&self, name: &str) -> impl Iterator<Item = &Checked<'a>> {
        let called = self.calls.reached_from(name).into_iter().map(|name| self.pipeline(name));
        let this = self.pipeline(name);
        std::iter::once(this).chain(called.filter(|checked| !std::ptr::eq(*checked, this)))
    }

    /// Whether the pipeline calls itself, directly or through others.
    pub fn is_recursive(&self, name: &str) -> bool {
        self.calls.are_in_cycle(name, name)
    }

    /// Whether a call of `callee` in `caller` is part of a recursion.
    pub fn are_in_cycle(&self, caller: &str, callee: &str) -> bool {
        self.calls.are_in_cycle(caller, callee)
    }

    /// Returns the number of the cycle of calls that the pipeline is part of; `None` if it does not call itself.
    pub(crate) fn cycle(&self, name: &str) -> Option<usize> {
        self.calls.cycle(name)
    }

    /// Returns all calls of components: the task and the component.
    pub fn steps(&self) -> impl Iterator<Item = (&'a Task, &'a Component)> {
        let nodes = self.pipelines().flat_map(Checked::nodes);
        nodes.filter_map(|node| match &node.task.kind {
            TaskKind::Call(call) => match &call.callee {
                Callee::Component(id) => Some((node.task, &self.document.components[id])),
                Callee::Pipeline(_) => None,
            },
            _ => None,
        })
    }

    /// Returns the instance of the root.
    pub fn root_instance(&self) -> InstanceId {
        Instances::root()
    }

    /// Returns the pipeline of an instance.
    pub fn of_instance(&self, instance: InstanceId) -> &Checked<'a> {
        self.pipeline(self.instances.pipeline(instance))
    }

    /// Returns the instance that a task calls, in an instance of the task's pipeline.
    ///
    /// # Panics
    /// Panics if the task is not a call of a pipeline in that instance.
    pub fn called(&self, instance: InstanceId, task: &TaskId) -> InstanceId {
        self.instances.calls(instance)[task]
    }

    /// Returns the policy of a call of a component in an instance of its pipeline: its own, then the component's, then
    /// that of the enclosing groups, calls and pipelines.
    ///
    /// # Panics
    /// Panics if the task is not a call of a component in that instance.
    pub fn policy(&self, instance: InstanceId, task: &TaskId) -> &Policy {
        self.instances.policy(self.instances.steps(instance)[task])
    }

    /// Returns the policies of a call of a component, one for each instance of its pipeline.
    pub fn policies(&self, pipeline: &str, task: &TaskId) -> impl Iterator<Item = &Policy> {
        self.instances.policies(pipeline, task)
    }

    /// Returns the calls of pipelines in an instance, in the order of the document.
    pub(crate) fn calls_in(&self, instance: InstanceId) -> impl Iterator<Item = (&'a TaskId, InstanceId)> {
        self.instances.calls(instance).iter().map(|(task, called)| (*task, *called))
    }

    /// Returns the calls of components in an instance with their policies, sorted by id.
    pub(crate) fn steps_in(&self, instance: InstanceId) -> impl Iterator<Item = (&'a TaskId, PolicyId)> {
        self.instances.steps(instance).iter().map(|(task, policy)| (*task, *policy))
    }

    /// Returns the policy of that number.
    pub(crate) fn policy_of(&self, id: PolicyId) -> &Policy {
        self.instances.policy(id)
    }
}
