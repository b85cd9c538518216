//! What the passes share: the pipeline, the names of templates, and what went wrong.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Callee, Component, ComponentId, Policy, Task, TaskId, TaskKind};

use super::exit::{self, Globals};
use super::{Options, names};
use crate::check::Checked;
use crate::diag::Diagnostic;
use crate::digest::sha256_hex;

/// The state of one lowering.
pub(super) struct Ctx<'c, 'a> {
    pub(super) checked: &'c Checked<'a>,
    pub(super) options: &'c Options,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The container templates, in the order of their names.
    pub(super) leaves: Vec<Leaf<'a>>,
    by_task: BTreeMap<TaskId, usize>,
    taken: BTreeSet<String>,
}

/// A container template: a component under one policy.
pub(super) struct Leaf<'a> {
    /// The name of the container template.
    pub(super) name: String,
    /// The name of the template that tasks call: the leaf itself, or what caches it.
    pub(super) entry: String,
    pub(super) id: &'a ComponentId,
    pub(super) component: &'a Component,
    pub(super) policy: Policy,
    /// The outputs that the whole workflow sees, with their global names.
    pub(super) globals: BTreeMap<String, String>,
}

impl<'c, 'a> Ctx<'c, 'a> {
    pub(super) fn new(checked: &'c Checked<'a>, options: &'c Options) -> Self {
        let mut ctx = Self {
            checked,
            options,
            diagnostics: Vec::new(),
            leaves: Vec::new(),
            by_task: BTreeMap::new(),
            taken: BTreeSet::from([names::kebab(&checked.pipeline().name)]),
        };
        ctx.plan_leaves(&exit::globals(checked));
        ctx
    }

    /// The name of a template that no other one has.
    pub(super) fn template_name(&mut self, name: &str) -> String {
        names::unique(&names::kebab(name), &mut self.taken)
    }

    /// The container template that the task calls.
    pub(super) fn leaf(&self, task: &TaskId) -> &Leaf<'a> {
        &self.leaves[self.by_task[task]]
    }

    /// The name that the task has in its DAG.
    pub(super) fn task_name(&self, task: &TaskId) -> String {
        names::task(&self.checked.node(task).task.name)
    }

    /// Gives equal calls one template, which has its component's name; where one component needs several,
    /// those that are not as the component says get a digest as well.
    fn plan_leaves(&mut self, globals: &Globals) {
        let mut variants: BTreeMap<&'a ComponentId, BTreeMap<String, Vec<&'a Task>>> = BTreeMap::new();
        for node in self.checked.nodes() {
            let TaskKind::Call(call) = &node.task.kind else { continue };
            let Callee::Component(id) = &call.callee else { continue };
            let policy = self.checked.policy(node.task, self.checked.component(id));
            let key = variant_key(&policy, globals.get(&node.task.id));
            variants.entry(id).or_default().entry(key).or_default().push(node.task);
        }
        for (id, variants) in variants {
            let component = self.checked.component(id);
            let alone = variants.len() == 1;
            for (key, tasks) in variants {
                let policy = self.checked.policy(tasks[0], component);
                let globals = globals.get(&tasks[0].id).cloned().unwrap_or_default();
                let plain = alone || (globals.is_empty() && tasks.iter().any(|task| task.policy.is_empty()));
                let base = names::kebab(&component.name);
                let name = if plain { base } else { format!("{base}-{}", short_digest(&key)) };
                self.add_leaf(&name, id, policy, &tasks, globals);
            }
        }
    }

    fn add_leaf(
        &mut self,
        name: &str,
        id: &'a ComponentId,
        policy: Policy,
        tasks: &[&'a Task],
        globals: BTreeMap<String, String>,
    ) {
        let name = self.template_name(name);
        // Reuse and retries on one template make Argo hang on a hit, so a retried leaf is cached around it.
        let wrapped = policy.cache.is_some() && policy.retry.is_some();
        let entry = if wrapped { self.template_name(&format!("{name}-cached")) } else { name.clone() };
        for task in tasks {
            self.by_task.insert(task.id.clone(), self.leaves.len());
        }
        let component = self.checked.component(id);
        self.leaves.push(Leaf { name, entry, id, component, policy, globals });
    }
}

fn variant_key(policy: &Policy, globals: Option<&BTreeMap<String, String>>) -> String {
    let policy = serde_json::to_string(policy).expect("policies have text keys and finite numbers only");
    format!("{policy}{globals:?}")
}

fn short_digest(text: &str) -> String {
    sha256_hex(text.as_bytes())[..6].to_owned()
}
