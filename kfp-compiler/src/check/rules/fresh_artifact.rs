//! Cached steps do not read artifacts that are different in each run (a warning).
//!
//! An artifact of a plain container has no digest, so a cache key contains its location, which is new in each run
//! unless the container is cached. Artifacts are followed through branches, loops, lists and calls.

use std::collections::{BTreeMap, BTreeSet};

use kfp_diag::{Diagnostic, codes};
use kfp_model::{
    Call, Callee, Component, DIGEST_LIMIT_VARIABLE, EnvironmentValue, Expression, Implementation, Reference,
    Region, Task, TaskId, TaskKind,
};

use crate::check::{InstanceId, Program};

pub(super) fn check(program: &Program<'_>, found: &mut Vec<Diagnostic>) {
    if !program.steps().any(|(_, component)| may_write_fresh(component)) {
        return;
    }
    let callers = callers(program);
    let mut reported = BTreeSet::new();
    for instance in callers.keys().copied() {
        let checked = program.of_instance(instance);
        for (id, policy) in program.steps_in(instance) {
            let node = checked.node(id);
            let TaskKind::Call(call) = &node.task.kind else { continue };
            let Callee::Component(component) = &call.callee else { continue };
            if program.policy_of(policy).cache.is_none() {
                continue;
            }
            let inputs = checked.component(component).inputs.iter();
            let mut artifacts = inputs.filter(|(_, input)| input.r#type.artifact().is_some());
            let fresh = artifacts.find_map(|(name, _)| {
                let mut search = Search { program, callers: &callers, seen: BTreeSet::new() };
                let argument = call.arguments.get(name)?;
                Some((name, search.expression(instance, argument)?))
            });
            if let Some((name, (producer, of))) = fresh
                && reported.insert(&node.place)
            {
                let place = &program.of_instance(producer).node(&of.id).place;
                let (reader, writer) = (&node.task.name, &of.name);
                let message = format!(
                    "task `{reader}` is cached, but its input `{name}` is a new artifact in each run"
                );
                found.push(
                    Diagnostic::warning(codes::FRESH_ARTIFACT, &node.place, message)
                        .label("never uses a cached result")
                        .also(place, "not cached, and writes an artifact without a digest")
                        .help(format!("cache `{writer}` as well, or disable the cache of `{reader}`")),
                );
            }
        }
    }
}

/// The calls of each instance that is reached, by the calling instance and task.
type Callers<'a> = BTreeMap<InstanceId, Vec<(InstanceId, &'a TaskId)>>;

fn callers<'a>(program: &Program<'a>) -> Callers<'a> {
    let root = program.root_instance();
    let mut callers = Callers::from([(root, Vec::new())]);
    let mut open = vec![root];
    while let Some(instance) = open.pop() {
        for (task, called) in program.calls_in(instance) {
            let of_called = callers.entry(called).or_insert_with(|| {
                open.push(called);
                Vec::new()
            });
            of_called.push((instance, task));
        }
    }
    callers
}

/// Whether a step of the component may write an artifact without a digest.
fn may_write_fresh(component: &Component) -> bool {
    let has_artifact = component.outputs.values().any(|output| output.r#type.artifact().is_some());
    let is_container = matches!(component.implementation, Implementation::Container(_));
    has_artifact && (is_container || component.policy.environment.contains_key(DIGEST_LIMIT_VARIABLE))
}

/// A search for the step that writes a fresh artifact.
struct Search<'s, 'a> {
    program: &'s Program<'a>,
    callers: &'s Callers<'a>,
    /// The visited outputs of tasks and inputs of pipelines.
    seen: BTreeSet<(InstanceId, Option<&'s TaskId>, &'s str)>,
}

impl<'s> Search<'s, '_> {
    /// Returns the step, with its instance, if the value may be a fresh artifact.
    fn expression(&mut self, instance: InstanceId, of: &'s Expression) -> Option<(InstanceId, &'s Task)> {
        let mut references = Vec::new();
        of.for_each_reference(&mut |reference| references.push(reference));
        references.into_iter().find_map(|reference| self.reference(instance, reference))
    }

    fn reference(&mut self, instance: InstanceId, of: &'s Reference) -> Option<(InstanceId, &'s Task)> {
        let program = self.program;
        match of {
            Reference::Input(name) => {
                if !self.seen.insert((instance, None, name.as_str())) {
                    return None;
                }
                let callers = &self.callers[&instance];
                callers.iter().find_map(|(caller, task)| {
                    let TaskKind::Call(call) = &program.of_instance(*caller).node(task).task.kind else {
                        return None;
                    };
                    self.expression(*caller, call.arguments.get(name)?)
                })
            }
            Reference::Output(output) | Reference::Guarded(output) => {
                let task = program.of_instance(instance).node(&output.task).task;
                self.output(instance, task, &output.output)
            }
            Reference::Item(id) => match &program.of_instance(instance).node(id).task.kind {
                TaskKind::Loop(repeat) => self.expression(instance, &repeat.items),
                _ => None,
            },
            Reference::Status(_) => None,
        }
    }

    fn output(
        &mut self,
        instance: InstanceId,
        task: &'s Task,
        name: &'s str,
    ) -> Option<(InstanceId, &'s Task)> {
        if !self.seen.insert((instance, Some(&task.id), name)) {
            return None;
        }
        match &task.kind {
            TaskKind::Call(Call { callee: Callee::Component(_), .. }) => {
                self.is_fresh(instance, task, name).then_some((instance, task))
            }
            TaskKind::Call(_) => {
                let called = self.program.called(instance, &task.id);
                self.yielded(called, &self.program.of_instance(called).pipeline().root, name)
            }
            TaskKind::Branch(branch) => {
                let mut regions = branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise);
                regions.find_map(|region| self.yielded(instance, region, name))
            }
            TaskKind::Loop(repeat) => self.yielded(instance, &repeat.body, name),
            TaskKind::ExitHandler(handler) => self.yielded(instance, &handler.body, name),
            TaskKind::Approval(_) | TaskKind::Import(_) => None,
        }
    }

    fn yielded(
        &mut self,
        instance: InstanceId,
        region: &'s Region,
        name: &str,
    ) -> Option<(InstanceId, &'s Task)> {
        self.expression(instance, region.yields.get(name)?)
    }

    /// Whether the step is not cached and writes an artifact without a digest.
    fn is_fresh(&self, instance: InstanceId, task: &Task, name: &str) -> bool {
        let TaskKind::Call(Call { callee: Callee::Component(id), .. }) = &task.kind else { return false };
        let component = self.program.of_instance(instance).component(id);
        let policy = self.program.policy(instance, &task.id);
        let is_artifact =
            component.outputs.get(name).is_some_and(|output| output.r#type.artifact().is_some());
        let is_container = matches!(component.implementation, Implementation::Container(_));
        let limit = policy.environment.get(DIGEST_LIMIT_VARIABLE);
        let has_no_digest =
            is_container || matches!(limit, Some(EnvironmentValue::Literal(limit)) if limit == "0");
        is_artifact && policy.cache.is_none() && has_no_digest
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::check::testing::{branch, call, check_with, input, load, output, some_condition};

    fn cached(mut task: Value) -> Value {
        task["policy"] = json!({"cache": {"for": {"max_age": "1h"}}});
        task
    }

    fn train(id: &str, table: Value) -> Value {
        call(id, "train", json!({"table": table, "rate": {"constant": 0.1}}))
    }

    fn message(place: &str, task: &str) -> String {
        format!(
            "KFP0712 {place}: task `{task}` is cached, but its input `table` is a new artifact in each run"
        )
    }

    #[test]
    fn cached_steps_behind_uncached_containers_are_reported() {
        let table = || output("load", "table");
        let expect = message("tasks/1", "t");
        let tasks = |loads: Value, trains: Value| [("tasks", json!([loads, trains]))];
        check_with(&tasks(load(), cached(train("t", table()))), &[&expect]);
        check_with(&tasks(cached(load()), cached(train("t", table()))), &[]);
        check_with(&tasks(load(), train("t", table())), &[]);
        let python = json!({"python": {"file": "a.py", "function": "load", "image": "python:3.12",
            "source": "def load(path, table): ..."}});
        let implementation = ("/components/load/implementation", python);
        let [plain] = tasks(load(), cached(train("t", table())));
        check_with(&[plain.clone(), implementation.clone()], &[]);
        let off = json!({"environment": {"KFP_DIGEST_LIMIT": {"literal": "0"}}});
        check_with(&[plain, implementation, ("/components/load/policy", off)], &[&expect]);
    }

    #[test]
    fn artifacts_are_followed_through_groups_and_calls() {
        let region = json!({"tasks": [load()], "yields": {"table": output("load", "table")}});
        let other = json!({"tasks": [cached(call("again", "load", json!({"path": input("path")})))],
            "yields": {"table": output("again", "table")}});
        let either = branch("either", some_condition(), region, Some(other));
        let reader = cached(train("t", output("either", "table")));
        check_with(&[("tasks", json!([either, reader]))], &[&message("tasks/1", "t")]);

        let dataset = json!({"artifact": {"name": "system.Dataset", "version": "0.0.1"}});
        let inner = json!({
            "name": "inner", "inputs": {"data": {"type": dataset}},
            "root": {"tasks": [cached(train("deep", input("data")))]},
        });
        let mut calls = call("in", "none", json!({"data": output("load", "table")}));
        calls["kind"]["call"]["callee"] = json!({"pipeline": "inner"});
        check_with(
            &[("tasks", json!([load(), calls])), ("/pipelines/1", inner)],
            &[&message("/pipelines/1/root/tasks/0", "deep")],
        );
    }
}
