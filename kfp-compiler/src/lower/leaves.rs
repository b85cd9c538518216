//! Leaves: which container templates there are, and which of them each task calls.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kfp_argo::text::Text;
use kfp_model::{Call, Callee, Component, ComponentId, Implementation, Policy, Task, TaskId, TaskKind};

use super::executor_input::ArtifactStore;
use super::globals::Globals;
use super::instances::Instances;
use super::names;
use crate::check::{Checked, PolicyId, Program};
use crate::digest::sha256_hex;

/// A container template: a component under one policy.
#[derive(Clone)]
pub(super) struct Leaf<'a> {
    /// The name of the container template.
    pub(super) name: String,
    /// The name of the template that tasks call: the leaf itself, or the one around it.
    pub(super) entry: String,
    pub(super) id: &'a ComponentId,
    pub(super) component: &'a Component,
    pub(super) policy: Policy,
    /// Whether it serves several components, and calls tell which: `component` is one of them.
    pub(super) is_shared: bool,
    /// The outputs that the whole workflow sees, with their global names.
    pub(super) globals: BTreeMap<String, String>,
    /// Where artifacts lie.
    pub(super) store: ArtifactStore,
    /// Whether its artifacts may come to stand in a list that a step reads.
    pub(super) is_collected: bool,
    /// The leaves that may have made what stands in a list of artifacts, by input.
    pub(super) sources: BTreeMap<String, BTreeSet<String>>,
}

impl Leaf<'_> {
    /// The folder that holds its artifacts.
    pub(super) fn folder(&self) -> Text {
        self.store.folder(if self.is_collected { &self.name } else { "run" })
    }

    /// Reuses no results.
    pub(super) fn forget_cache(&mut self) {
        self.policy.cache = None;
        if !matches!(self.component.implementation, Implementation::Container(_)) {
            self.entry = self.name.clone();
        }
    }
}

/// The leaf of each task, by the instance that it stands in.
pub(super) type ByTask<'a> = BTreeMap<(usize, &'a TaskId), usize>;

/// A call of a component.
struct CallSite<'c, 'a> {
    instance: usize,
    checked: &'c Checked<'a>,
    task: &'a Task,
    policy: &'c Policy,
}

type Variants<'c, 'a> = BTreeMap<&'a ComponentId, BTreeMap<Rc<str>, Vec<CallSite<'c, 'a>>>>;

/// Gives equal calls one template, which has its component's name; where one component needs several, those
/// that are not as the component says get a digest as well.
pub(super) fn plan<'a>(
    program: &Program<'a>,
    instances: &Instances<'_, 'a>,
    globals: &Globals<'a>,
    store: &ArtifactStore,
    taken: &mut BTreeSet<String>,
) -> (Vec<Leaf<'a>>, ByTask<'a>) {
    let mut leaves = Vec::new();
    let mut by_task = ByTask::new();
    for (id, variants) in variants(program, instances, globals) {
        let alone = variants.len() == 1;
        for (key, calls) in variants {
            let CallSite { instance, checked, task, policy } = &calls[0];
            let component = checked.component(id);
            let policy = Policy::clone(policy);
            let globals = globals.of_task(*instance, checked, &task.id);
            let own = |call: &CallSite<'_, '_>| *call.policy == component.policy;
            let plain = alone || (globals.is_empty() && calls.iter().any(own));
            let base = names::kebab(&component.name);
            let name = if plain { base } else { format!("{base}-{}", short_digest(&key)) };
            let name = names::unique(&name, taken);
            let entry = entry(&name, component, &policy, taken);
            for call in calls {
                by_task.insert((call.instance, &call.task.id), leaves.len());
            }
            let (is_collected, sources) = (false, BTreeMap::new());
            let store = store.clone();
            leaves.push(Leaf {
                name,
                entry,
                id,
                component,
                policy,
                is_shared: false,
                globals,
                store,
                is_collected,
                sources,
            });
        }
    }
    (leaves, by_task)
}

fn variants<'c, 'a>(
    program: &'c Program<'a>,
    instances: &'c Instances<'c, 'a>,
    globals: &Globals<'a>,
) -> Variants<'c, 'a> {
    let mut variants = Variants::new();
    let mut plain: BTreeMap<PolicyId, Rc<str>> = BTreeMap::new();
    for (instance, task, policy_id) in instances.steps() {
        let checked = program.pipeline(instances.all[instance].name);
        let task = checked.node(task).task;
        let TaskKind::Call(Call { callee: Callee::Component(id), .. }) = &task.kind else { continue };
        let policy = instances.policy(policy_id);
        let globals = globals.of_task(instance, checked, &task.id);
        let key = || variant_key(policy, &globals);
        let key =
            if globals.is_empty() { Rc::clone(plain.entry(policy_id).or_insert_with(key)) } else { key() };
        let site = CallSite { instance, checked, task, policy };
        variants.entry(id).or_default().entry(key).or_default().push(site);
    }
    variants
}

/// The name of the template that tasks call.
///
/// Reuse and retries on one template make Argo hang on a hit, so a retried leaf is cached around it; what a
/// plain container wrote is checked around it.
fn entry(name: &str, component: &Component, policy: &Policy, taken: &mut BTreeSet<String>) -> String {
    let is_container = matches!(component.implementation, Implementation::Container(_));
    if is_container && !component.outputs.is_empty() {
        names::unique(&format!("{name}-checked"), taken)
    } else if policy.cache.is_some() && policy.retry.is_some() {
        names::unique(&format!("{name}-cached"), taken)
    } else {
        name.to_owned()
    }
}

fn variant_key(policy: &Policy, globals: &BTreeMap<String, String>) -> Rc<str> {
    let policy = serde_json::to_string(policy).expect("policies have text keys and finite numbers only");
    format!("{policy}{globals:?}").into()
}

fn short_digest(text: &str) -> String {
    sha256_hex(text.as_bytes())[..6].to_owned()
}
