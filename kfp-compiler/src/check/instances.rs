//! Instances of pipelines, and the policies of their steps.
//!
//! The cache, the retries and the timeout of a call or a group apply to the steps in it that do not set them. A
//! pipeline that is called with two different inherited policies has two instances. Only this module decides which
//! policy applies to a step.

use std::collections::HashMap;

use indexmap::IndexMap;
use kfp_model::{Call, Callee, ComponentId, Document, Pipeline, Policy, Region, Task, TaskId, TaskKind};

use super::calls::CallGraph;

/// The number of tasks, over all instances, that are always resolved.
const MIN_TASKS: usize = 100_000;
/// The average number of instances per pipeline that are always resolved, regardless of the number of tasks.
const MIN_INSTANCES: usize = 16;

/// The number of an instance of a pipeline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceId(usize);

/// The number of a policy. Steps with the same number have the same policy; equal policies may have different numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PolicyId(usize);

/// A pipeline with the policy that its steps inherit.
#[derive(Debug)]
struct Instance<'a> {
    pipeline: &'a Pipeline,
    inherited: Policy,
    /// The instances that tasks call, in the order in which they were found.
    calls: IndexMap<&'a TaskId, InstanceId>,
    /// The policies of the calls of components, sorted by id.
    steps: IndexMap<&'a TaskId, PolicyId>,
}

/// All instances of the pipelines that one pipeline reaches; the first is that pipeline itself.
#[derive(Debug, Default)]
pub(super) struct Instances<'a> {
    all: Vec<Instance<'a>>,
    policies: Vec<Policy>,
    /// The policies of steps that set nothing, by their component and what they inherit.
    plain: HashMap<(&'a ComponentId, PolicyId), PolicyId>,
    by_pipeline: HashMap<&'a str, Vec<InstanceId>>,
    /// The number of tasks that may still be resolved; `None` once the limit is exceeded.
    left: Option<usize>,
}

impl<'a> Instances<'a> {
    /// Resolves the policies of all steps. Unknown names are ignored.
    pub(super) fn of(document: &'a Document, calls: &CallGraph<'a>) -> Self {
        let tasks: usize = calls.pipelines.iter().map(|reached| tasks_in(&reached.pipeline.root)).sum();
        let left = Some(MIN_TASKS.max(tasks.saturating_mul(MIN_INSTANCES)));
        let mut instances = Self { left, ..Self::default() };
        let Some(root) = calls.pipelines.first() else { return instances };
        let cache = root.pipeline.settings.cache.clone();
        instances.instance(root.pipeline, Policy { cache, ..Policy::default() });
        let mut next = 0;
        while next < instances.all.len() && instances.is_complete() {
            let Instance { pipeline, inherited, .. } = &instances.all[next];
            let (root, inherited) = (&pipeline.root, inherited.clone());
            instances.left = instances.left.and_then(|left| left.checked_sub(tasks_in(root)));
            let inherited = instances.add(inherited);
            Walk { document, calls, instances: &mut instances, id: InstanceId(next) }.region(root, inherited);
            instances.all[next].steps.sort_unstable_keys();
            next += 1;
        }
        instances
    }

    /// Whether all policies were resolved; false if there are too many combinations of policies.
    pub(super) fn is_complete(&self) -> bool {
        self.left.is_some()
    }

    /// Returns the number of instances of the pipeline.
    pub(super) fn count(&self, pipeline: &str) -> usize {
        self.by_pipeline.get(pipeline).map_or(0, Vec::len)
    }

    /// Returns the instance of the pipeline that is checked.
    pub(super) fn root() -> InstanceId {
        InstanceId(0)
    }

    /// Returns the name of the pipeline.
    pub(super) fn pipeline(&self, id: InstanceId) -> &'a str {
        &self.all[id.0].pipeline.name
    }

    /// Returns the calls of pipelines in the instance, in the order in which they were found.
    pub(super) fn calls(&self, id: InstanceId) -> &IndexMap<&'a TaskId, InstanceId> {
        &self.all[id.0].calls
    }

    /// Returns the calls of components in the instance, sorted by id.
    pub(super) fn steps(&self, id: InstanceId) -> &IndexMap<&'a TaskId, PolicyId> {
        &self.all[id.0].steps
    }

    /// Returns the policies of a step in all instances of its pipeline.
    pub(super) fn policies(&self, pipeline: &str, task: &TaskId) -> impl Iterator<Item = &Policy> {
        let instances = self.by_pipeline.get(pipeline).into_iter().flatten();
        instances.filter_map(|id| self.steps(*id).get(task)).map(|id| self.policy(*id))
    }

    /// Returns the policy.
    pub(super) fn policy(&self, id: PolicyId) -> &Policy {
        &self.policies[id.0]
    }

    fn add(&mut self, policy: Policy) -> PolicyId {
        self.policies.push(policy);
        PolicyId(self.policies.len() - 1)
    }

    /// Returns the instance of the pipeline whose steps inherit the policy.
    fn instance(&mut self, pipeline: &'a Pipeline, inherited: Policy) -> InstanceId {
        let known = self.by_pipeline.entry(&pipeline.name).or_default();
        if let Some(id) = known.iter().find(|id| self.all[id.0].inherited == inherited) {
            return *id;
        }
        let id = InstanceId(self.all.len());
        known.push(id);
        let (calls, steps) = (IndexMap::new(), IndexMap::new());
        self.all.push(Instance { pipeline, inherited, calls, steps });
        id
    }

    /// Returns the policy that steps inside the task inherit: what the task sets, then what it inherits itself.
    fn inside(&mut self, task: &Task, inherited: PolicyId) -> PolicyId {
        let own = task.policy.inheritable();
        if own.is_empty() { inherited } else { self.add(own.or(self.policy(inherited))) }
    }

    fn step(
        &mut self,
        document: &'a Document,
        task: &Task,
        id: &'a ComponentId,
        inherited: PolicyId,
    ) -> Option<PolicyId> {
        let component = document.components.get(id)?;
        let known = self.plain.get(&(id, inherited)).filter(|_| task.policy.is_empty());
        if let Some(policy) = known {
            return Some(*policy);
        }
        let policy = Policy::of_step(&task.policy, &component.policy, self.policy(inherited));
        let policy = self.add(policy);
        if task.policy.is_empty() {
            self.plain.insert((id, inherited), policy);
        }
        Some(policy)
    }
}

/// Walks through one instance.
struct Walk<'w, 'a> {
    document: &'a Document,
    calls: &'w CallGraph<'a>,
    instances: &'w mut Instances<'a>,
    id: InstanceId,
}

impl<'a> Walk<'_, 'a> {
    /// Walks through the tasks sorted by id, because instances are numbered as they are found and the position of a
    /// task has no meaning.
    fn region(&mut self, region: &'a Region, inherited: PolicyId) {
        let mut tasks: Vec<&Task> = region.tasks.iter().collect();
        tasks.sort_unstable_by_key(|task| &task.id);
        for task in tasks {
            self.task(task, inherited);
        }
    }

    fn task(&mut self, task: &'a Task, inherited: PolicyId) {
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(id), .. }) => {
                if let Some(policy) = self.instances.step(self.document, task, id, inherited) {
                    self.instances.all[self.id.0].steps.insert(&task.id, policy);
                }
            }
            TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => self.call(task, name, inherited),
            TaskKind::ExitHandler(handler) => {
                let inner = self.instances.inside(task, inherited);
                self.region(&handler.body, inner);
                self.region(&handler.exit, inherited);
            }
            TaskKind::Branch(_) | TaskKind::Loop(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {
                let inner = self.instances.inside(task, inherited);
                for region in task.regions() {
                    self.region(region, inner);
                }
            }
        }
    }

    fn call(&mut self, task: &'a Task, name: &str, inherited: PolicyId) {
        let Some(callee) = self.calls.get(name).map(|reached| reached.pipeline) else { return };
        let mut own = task.policy.inheritable();
        if own.cache.is_none() {
            own.cache.clone_from(&callee.settings.cache);
        }
        let inherited = own.or(self.instances.policy(inherited));
        let called = self.instances.instance(callee, inherited);
        self.instances.all[self.id.0].calls.insert(&task.id, called);
    }
}

/// Returns the number of tasks in the region and its nested regions.
fn tasks_in(region: &Region) -> usize {
    let inside = region.tasks.iter().flat_map(Task::regions).map(tasks_in);
    region.tasks.len() + inside.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use kfp_model::Duration;
    use serde_json::{Value, json};

    use super::*;
    use crate::check::check;
    use crate::lower::{Options, lower};

    fn call(id: &str, callee: Value, policy: Value) -> Value {
        json!({"id": id, "name": id, "policy": policy, "kind": {"call": {"callee": callee}}})
    }

    fn step(id: &str, policy: Value) -> Value {
        call(id, json!({"component": "work"}), policy)
    }

    /// A document whose pipeline calls `inner` in a loop, in a group, and by itself.
    fn document() -> Document {
        let inner = || json!({"pipeline": "inner"});
        let timeout = |timeout: &str| json!({"timeout": timeout});
        let body = json!({"tasks": [step("l.own", timeout("1m")), step("l.plain", json!({})), call("l.in", inner(), json!({}))]});
        let handler = json!({
            "body": {"tasks": [step("g.body", json!({}))]}, "exit": {"tasks": [step("g.exit", json!({}))]},
        });
        let tasks = json!([
            {"id": "l", "name": "l", "policy": timeout("2m"), "kind": {"loop": {"items": {"constant": [1]}, "body": body}}},
            {"id": "g", "name": "g", "policy": timeout("3m"), "kind": {"exit_handler": handler}},
            call("in", inner(), timeout("4m")),
            call("again", inner(), timeout("4m")),
            step("plain", json!({})),
        ]);
        let document = json!({
            "schema_version": 1,
            "pipelines": [
                {"name": "main", "root": {"tasks": tasks}},
                {"name": "inner", "root": {"tasks": [step("step", json!({}))]}},
            ],
            "components": {"work": {"name": "work", "implementation": {"rust": {"image": "work:1"}}}},
        });
        serde_json::from_value(document).unwrap()
    }

    #[test]
    fn a_step_inherits_from_the_nearest_call_or_group() {
        let document = document();
        let program = check(&document, &document.pipelines[0]).program.unwrap();
        let root = program.root_instance();
        let timeout = |instance, task: &str| {
            program.policy(instance, &TaskId(task.to_owned())).timeout.map(Duration::seconds)
        };
        for (task, expected) in [
            ("l.own", Some(60)),
            ("l.plain", Some(120)),
            ("g.body", Some(180)),
            ("g.exit", None),
            ("plain", None),
        ] {
            assert_eq!(timeout(root, task), expected, "{task}");
        }
        let called = |task: &str| program.called(root, &TaskId(task.to_owned()));
        assert_eq!(timeout(called("l.in"), "step"), Some(120));
        assert_eq!(timeout(called("in"), "step"), Some(240));
        assert_eq!(called("in"), called("again"));
        let all: Vec<u64> = program
            .policies("inner", &TaskId("step".to_owned()))
            .filter_map(|policy| policy.timeout.map(Duration::seconds))
            .collect();
        assert_eq!(all, [240, 120]);
    }

    #[test]
    fn templates_have_the_policies_of_the_program() {
        let document = document();
        let program = check(&document, &document.pipelines[0]).program.unwrap();
        let workflow = lower(&program, &Options::default()).unwrap().workflow;
        let mut deadlines: Vec<Option<&str>> = (workflow.spec.templates.iter())
            .filter(|template| template.container.is_some())
            .map(|template| template.active_deadline_seconds.as_deref())
            .collect();
        deadlines.sort_unstable();
        deadlines.dedup();
        assert_eq!(deadlines, [None, Some("120"), Some("180"), Some("240"), Some("60")]);
    }

    #[test]
    fn the_cache_of_a_call_overrides_that_of_its_pipeline() {
        let hours = |hours: u64| json!({"cache": {"for": {"max_age": format!("{hours}h")}}});
        let document = json!({
            "schema_version": 1,
            "pipelines": [
                {"name": "main", "settings": hours(1), "root": {"tasks": [
                    step("plain", json!({})),
                    call("own", json!({"pipeline": "own"}), json!({})),
                    call("called", json!({"pipeline": "own"}), hours(3)),
                    call("other", json!({"pipeline": "other"}), json!({})),
                ]}},
                {"name": "own", "settings": hours(2), "root": {"tasks": [step("step", json!({}))]}},
                {"name": "other", "root": {"tasks": [step("step", json!({})), step("off", json!({"cache": "off"}))]}},
            ],
            "components": {"work": {"name": "work", "implementation": {"rust": {}}}},
        });
        let document: Document = serde_json::from_value(document).unwrap();
        let program = check(&document, &document.pipelines[0]).program.unwrap();
        let root = program.root_instance();
        let id = |id: &str| TaskId(id.to_owned());
        let cache = |instance, task: &str| {
            program
                .policy(instance, &id(task))
                .cache
                .as_ref()
                .map(|cache| serde_json::to_value(cache).unwrap())
        };
        let expected = |of: u64| Some(hours(of)["cache"].clone());
        assert_eq!(cache(root, "plain"), expected(1));
        assert_eq!(cache(program.called(root, &id("own")), "step"), expected(2));
        assert_eq!(cache(program.called(root, &id("called")), "step"), expected(3));
        assert_eq!(cache(program.called(root, &id("other")), "step"), expected(1));
        assert_eq!(cache(program.called(root, &id("other")), "off"), None);
    }
}
