//! Steps: the container templates, and which of them each task calls.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use kfp_argo::text::Text;
use kfp_model::{
    Cache, Call, Callee, Component, ComponentId, Implementation, Policy, Task, TaskId, TaskKind,
};

use crate::check::{Checked, PolicyId, Program};
use crate::dag_names;
use crate::digest::sha256_hex;
use crate::lower::analyse::artifacts::ArtifactStore;
use crate::lower::analyse::globals::Globals;
use crate::lower::analyse::instances::Instances;
use crate::lower::analyse::names;

/// The input of a shared step that names the component of a Rust step.
pub(in crate::lower) const COMPONENT: &str = "kfp-component";
/// The input of a shared step that describes a Python step, including its source.
pub(in crate::lower) const STEP: &str = "kfp-step";
/// The input of a shared step that is part of the name of the config map with its cached results.
pub(in crate::lower) const CACHE: &str = "kfp-cache";
/// The input of a shared step that is part of its cache key.
pub(in crate::lower) const DIGEST: &str = "kfp-digest";

/// A container template: a component with one policy.
#[derive(Clone)]
pub(in crate::lower) struct Step<'a> {
    /// The name of the container template.
    pub(in crate::lower) name: String,
    /// The name of the template that tasks call: the container template or its wrapper.
    pub(in crate::lower) entry: String,
    pub(in crate::lower) id: &'a ComponentId,
    pub(in crate::lower) component: &'a Component,
    pub(in crate::lower) policy: Policy,
    /// Whether several components share the step, and calls pass the component; `component` is one of them.
    pub(in crate::lower) is_shared: bool,
    /// The global outputs, with their global names.
    pub(in crate::lower) globals: BTreeMap<String, String>,
    /// The artifact store.
    pub(in crate::lower) store: ArtifactStore,
    /// Whether its artifacts may be items of a list that a step reads.
    pub(in crate::lower) is_collected: bool,
    /// The steps that may produce the items of a list of artifacts, by input.
    pub(in crate::lower) sources: BTreeMap<String, BTreeSet<String>>,
}

impl Step<'_> {
    /// Returns the folder of its artifacts.
    pub(in crate::lower) fn folder(&self) -> Text {
        self.store.folder(if self.is_collected { &self.name } else { "run" })
    }

    /// Disables the cache of the step.
    pub(in crate::lower) fn disable_cache(&mut self) {
        self.policy.cache = None;
        if !matches!(self.component.implementation, Implementation::Container(_)) {
            self.entry = self.name.clone();
        }
    }
}

impl Step<'_> {
    /// Returns the names of everything that calls pass to it: the inputs of the component, and which component it is.
    pub(in crate::lower) fn parameters(&self) -> Vec<&str> {
        self.component.inputs.keys().map(String::as_str).chain(self.component_inputs()).collect()
    }

    /// Returns the inputs by which calls pass the component to a shared step.
    pub(in crate::lower) fn component_inputs(&self) -> Vec<&'static str> {
        if !self.is_shared {
            return Vec::new();
        }
        let step = match self.component.implementation {
            Implementation::Rust(_) => Some(COMPONENT),
            Implementation::Python(_) | Implementation::Notebook(_) => Some(STEP),
            Implementation::Container(_) => None,
        };
        let cache: &[&str] = if self.is_cached() { &[CACHE, DIGEST] } else { &[] };
        step.into_iter().chain(cache.iter().copied()).collect()
    }

    /// Whether its results are cached.
    fn is_cached(&self) -> bool {
        matches!(self.policy.cache, Some(Cache::For { .. }))
    }
}

/// The step of each task, by instance.
pub(in crate::lower) type ByTask<'a> = BTreeMap<(usize, &'a TaskId), usize>;

/// A call of a component.
struct CallSite<'c, 'a> {
    instance: usize,
    checked: &'c Checked<'a>,
    task: &'a Task,
    policy: &'c Policy,
}

type Variants<'c, 'a> = BTreeMap<&'a ComponentId, BTreeMap<Rc<str>, Vec<CallSite<'c, 'a>>>>;

/// Creates one template for equal calls of a component, named after the component. If a component has several
/// templates, those that differ from the component's policy have a digest in their names.
pub(in crate::lower) fn plan<'a>(
    program: &Program<'a>,
    instances: &Instances<'_, 'a>,
    globals: &Globals<'a>,
    store: &ArtifactStore,
    taken: &mut BTreeSet<String>,
) -> (Vec<Step<'a>>, ByTask<'a>) {
    let mut steps = Vec::new();
    let mut by_task = ByTask::new();
    for (id, variants) in variants(program, instances, globals) {
        let is_only = variants.len() == 1;
        for (key, calls) in variants {
            let CallSite { instance, checked, task, policy } = &calls[0];
            let component = checked.component(id);
            let policy = Policy::clone(policy);
            let globals = globals.of_task(*instance, checked, &task.id);
            let has_own_policy = |call: &CallSite<'_, '_>| *call.policy == component.policy;
            let plain = is_only || (globals.is_empty() && calls.iter().any(has_own_policy));
            let base = dag_names::kebab(&component.name);
            let name = if plain { base } else { format!("{base}-{}", short_digest(&key)) };
            let name = names::unique(&name, taken);
            let entry = entry(&name, component, &policy, taken);
            for call in calls {
                by_task.insert((call.instance, &call.task.id), steps.len());
            }
            let (is_collected, sources) = (false, BTreeMap::new());
            let store = store.clone();
            steps.push(Step {
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
    (steps, by_task)
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

/// Returns the name of the template that tasks call.
///
/// If a template has both memoization and retries, Argo hangs on a cache hit, so a wrapper caches a step with retries.
/// A wrapper also checks the outputs of plain containers.
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
    let policy = serde_json::to_string(policy).expect("policies have string keys and finite numbers only");
    format!("{policy}{globals:?}").into()
}

fn short_digest(text: &str) -> String {
    sha256_hex(text.as_bytes())[..6].to_owned()
}
