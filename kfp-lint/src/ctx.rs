//! The context of a rule: one manifest, everything it can call, and the graphs of its templates.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::flow::{Graph, TaskOutcomes};
use crate::globals::Globals;
use crate::view::{Call, Callers, Manifest, Project, Target, Task, Template};

/// The context of a rule: one manifest and everything it can call.
pub(crate) struct Ctx<'p, 'a> {
    pub(crate) project: &'p Project<'a>,
    pub(crate) manifest: &'p Manifest<'a>,
    pub(crate) globals: Globals<'a>,
    pub(crate) callers: &'p Callers<'p, 'a>,
    templates: Vec<&'p Template<'a>>,
    flows: BTreeMap<*const Template<'a>, Flow<'p, 'a>>,
}

/// A template and the manifest that defines it.
pub(crate) type Place<'p, 'a> = (&'p Template<'a>, &'p Manifest<'a>);

/// The task graph of a template, and the possible outcomes of the tasks, computed on demand.
struct Flow<'p, 'a> {
    graph: Graph<'p, 'a>,
    outcomes: OnceCell<Option<TaskOutcomes>>,
}

impl<'p, 'a> Ctx<'p, 'a> {
    pub(crate) fn of(
        project: &'p Project<'a>,
        callers: &'p Callers<'p, 'a>,
        manifest: &'p Manifest<'a>,
    ) -> Self {
        let templates = manifest.all_templates();
        let flow = |template| Flow { graph: Graph::of(template), outcomes: OnceCell::new() };
        let flows =
            templates.iter().map(|template| (std::ptr::from_ref(*template), flow(*template))).collect();
        Self { project, manifest, globals: Globals::of(project, manifest), callers, templates, flows }
    }

    /// Returns the task graph of a template of the manifest.
    pub(crate) fn graph(&self, template: &'p Template<'a>) -> &Graph<'p, 'a> {
        &self.flows[&std::ptr::from_ref(template)].graph
    }

    /// Returns the possible outcomes of the tasks of the graph; `None` if the graph has a cycle.
    pub(crate) fn outcomes(&self, graph: &Graph<'p, 'a>) -> Option<&TaskOutcomes> {
        let flow = &self.flows[&std::ptr::from_ref(graph.template)];
        flow.outcomes.get_or_init(|| TaskOutcomes::of(graph)).as_ref()
    }

    /// Returns whether the template is retried because of its own retry strategy or that of the workflow.
    pub(crate) fn retries(&self, template: &Template<'_>) -> bool {
        let spec = &self.manifest.spec;
        template.node.has("retryStrategy")
            || spec.has("retryStrategy")
            || spec.at(&["templateDefaults", "retryStrategy"]).is_some()
    }

    /// Returns whether the template is the `inline` template of a task.
    pub(crate) fn is_inline(&self, template: &Template<'a>) -> bool {
        let template = std::ptr::from_ref(template);
        self.flows.contains_key(&template) && !self.manifest.templates.as_ptr_range().contains(&template)
    }

    /// Returns the templates of the manifest, including inline templates of its tasks.
    pub(crate) fn templates(&self) -> impl Iterator<Item = &'p Template<'a>> {
        self.templates.iter().copied()
    }

    /// Returns the manifest that defines the templates: this one, or the target of its `workflowTemplateRef`.
    /// `None` if no file contains that target.
    pub(crate) fn home(&self) -> Option<&'p Manifest<'a>> {
        match self.project.origin(self.manifest) {
            Some((_, library)) => library,
            None => Some(self.manifest),
        }
    }

    /// Returns the entrypoint, and the templates of exit handlers and other workflow hooks.
    pub(crate) fn roots(&self) -> Vec<Place<'p, 'a>> {
        let entry = self.entry();
        entry.into_iter().chain(self.exits()).collect()
    }

    pub(crate) fn entry(&self) -> Option<Place<'p, 'a>> {
        let home = self.home()?;
        let (name, _) = self.manifest.entrypoint().or_else(|| home.entrypoint())?;
        Some((home.template(name)?, home))
    }

    /// Returns the templates that `onExit` and the hooks of the workflow run.
    pub(crate) fn exits(&self) -> impl Iterator<Item = Place<'p, 'a>> {
        let home = self.home();
        let hooks = home.into_iter().flat_map(move |home| {
            let of_home = (!std::ptr::eq(home, self.manifest)).then_some(&home.hooks);
            self.manifest.hooks.iter().chain(of_home.into_iter().flatten()).map(move |hook| (home, hook))
        });
        hooks.filter_map(|(home, hook)| match self.project.target(home, &hook.call) {
            Target::Found(template, manifest) => Some((template, manifest)),
            Target::NoTemplate(_) | Target::NoManifest | Target::Unknown => None,
        })
    }

    /// Returns all templates reachable from `roots`, including `roots`.
    pub(crate) fn reached(&self, roots: impl IntoIterator<Item = Place<'p, 'a>>) -> Vec<Place<'p, 'a>> {
        let mut open: Vec<Place<'p, 'a>> = roots.into_iter().collect();
        let mut seen: BTreeSet<*const Template<'a>> = BTreeSet::new();
        let mut reached = Vec::new();
        while let Some((template, manifest)) = open.pop() {
            if !seen.insert(std::ptr::from_ref(template)) {
                continue;
            }
            reached.push((template, manifest));
            for call in template.calls() {
                if let Target::Found(template, manifest) = self.project.target(manifest, call) {
                    open.push((template, manifest));
                }
            }
        }
        reached
    }

    /// Returns the place of the first reference to another manifest; the spec if there is none.
    pub(crate) fn reference_to(&self, other: &Manifest<'_>) -> kfp_model::Place {
        let calls = self.tasks().map(|(_, task)| &task.call);
        let call =
            calls.chain(self.manifest.hooks.iter().map(|hook| &hook.call)).find_map(|call| match call {
                Call::Reference { manifest: name, node, .. } if *name == other.name => {
                    Some(node.place.clone())
                }
                _ => None,
            });
        call.or_else(|| Some(self.manifest.spec.get("workflowTemplateRef")?.place))
            .unwrap_or_else(|| self.manifest.spec.place.clone())
    }

    /// Returns every task and step, with the template that contains it.
    pub(crate) fn tasks(&self) -> impl Iterator<Item = (&'p Template<'a>, &'p Task<'a>)> {
        self.templates().flat_map(|template| template.tasks.iter().map(move |task| (template, task)))
    }
}
