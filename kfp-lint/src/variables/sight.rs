//! A place in a manifest, and what can be seen from it.

use kfp_diag::spelling::CANDIDATES;

use super::node;
use crate::ctx::Ctx;
use crate::flow::Graph;
use crate::globals::Globals;
use crate::view::{Spot, Target, Task, Template, TemplateKind};

/// Where in a template something is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// Outside of any template.
    Workflow,
    /// In the template itself.
    Body,
    /// Among its outputs.
    Outputs,
    /// In its metrics, which are made when it has run.
    Metrics,
    /// In a task or a step.
    Task(usize),
    /// In a hook of a task or a step.
    Hook(usize),
}

/// A place and what can be seen from it.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'s, 'p, 'a> {
    pub(crate) ctx: &'s Ctx<'p, 'a>,
    /// The tasks of the template, and which of them wait for which.
    pub(crate) graph: Option<&'s Graph<'p, 'a>>,
    pub(crate) site: Site,
    /// For a template that stands in a task, what the task sees.
    pub(crate) outer: Option<&'s Sight<'s, 'p, 'a>>,
}

/// What became of looking for a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is there, or may be.
    Known,
    /// It is not there.
    Missing(Missing),
    /// It is an output of a task that need not have run yet; which one, by its place among the tasks.
    NotBefore(usize),
    /// No variable is called anything like it, so that the tag stays as it is written.
    Foreign,
}

/// A name that is not there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// Why, where more can be said than that it is not there.
    pub(crate) why: Option<String>,
    /// Names that may be meant.
    pub(crate) candidates: Vec<String>,
    /// Whether Argo refuses the workflow, or waits for ever, and does not just leave the tag as it is.
    pub(crate) is_refused: bool,
}

/// What a name starts with for Argo to insist on it.
const INSISTED: [&str; 6] = ["item.", "steps.", "inputs.", "pod.", "workflow.", "tasks."];

/// What a name starts with for it to be meant as a variable.
const ROOTS: [&str; 11] = [
    "item",
    "steps",
    "inputs",
    "outputs",
    "pod",
    "workflow",
    "tasks",
    "node",
    "retries",
    "lastRetry",
    "cronworkflow",
];

const LAST_RETRY: [&str; 4] =
    ["lastRetry.exitCode", "lastRetry.status", "lastRetry.duration", "lastRetry.message"];

impl<'p, 'a> Sight<'_, 'p, 'a> {
    pub(crate) fn template(&self) -> Option<&'p Template<'a>> {
        self.graph.map(|graph| graph.template)
    }

    pub(crate) fn globals(&self) -> &Globals<'a> {
        &self.ctx.globals
    }

    /// The task that the place is in.
    pub(crate) fn task(&self) -> Option<&'p Task<'a>> {
        match self.site {
            Site::Task(idx) | Site::Hook(idx) => self.template()?.tasks.get(idx),
            Site::Workflow | Site::Body | Site::Outputs | Site::Metrics => None,
        }
    }

    /// The template that a task of this one runs.
    pub(crate) fn called(&self, task: &'p Task<'a>) -> Option<&'p Template<'a>> {
        match self.ctx.project.target(self.ctx.manifest, &task.call) {
            Target::Found(template, _) => Some(template),
            Target::NoTemplate(_) | Target::NoManifest | Target::Unknown => None,
        }
    }

    /// Looks for a name, which is a path with dots between its steps. In expressions a name may also stand for all
    /// names that start with it.
    pub(crate) fn look(&self, name: &str, in_expression: bool) -> Verdict {
        let verdict = self.look_here(name, in_expression);
        match (&verdict, self.outer) {
            (Verdict::Known, _) | (_, None) => verdict,
            (_, Some(outer)) => match outer.look(name, in_expression) {
                Verdict::Known => Verdict::Known,
                _ => verdict,
            },
        }
    }

    fn look_here(&self, name: &str, in_expression: bool) -> Verdict {
        let root = name.split('.').next().unwrap_or_default();
        let parts = in_expression && ROOTS.contains(&root);
        match root {
            "tasks" | "steps" => self.look_for_node(root, name, parts),
            "item" => self.look_for_item(name),
            "outputs" if self.site == Site::Metrics => Verdict::Known,
            "workflow" if self.globals().may_have(name) => Verdict::Known,
            "node" if name == "node.name" => Verdict::Known,
            _ if self.is_there(root, name, parts) => Verdict::Known,
            _ => self.look_among(name, &self.names(root), parts),
        }
    }

    /// Whether it is one of the variables of which there may be many, found without a list of all of them.
    fn is_there(&self, root: &str, name: &str, parts: bool) -> bool {
        let names = &self.globals().names;
        match root {
            "workflow" if parts => {
                let start = format!("{name}.");
                names.contains(name)
                    || names.range(start.clone()..).next().is_some_and(|next| next.starts_with(&start))
            }
            "workflow" => names.contains(name),
            "inputs" => self.template().is_some_and(|template| {
                let parameter = name.strip_prefix("inputs.parameters.");
                parameter.is_some_and(|parameter| template.inputs.parameter(parameter).is_some())
            }),
            _ => false,
        }
    }

    fn look_among(&self, name: &str, names: &[String], parts: bool) -> Verdict {
        let start = format!("{name}.");
        if names.iter().any(|known| known == name || (parts && known.starts_with(&start))) {
            return Verdict::Known;
        }
        let root = name.split('.').next().unwrap_or_default();
        if !ROOTS.contains(&root) && self.near_root(root).is_none() {
            return Verdict::Foreign;
        }
        let mut candidates = names.to_vec();
        if let Some(near) = self.near_root(root) {
            candidates.push(format!("{near}{}", &name[root.len()..]));
        }
        Verdict::Missing(self.missing(name, candidates, None))
    }

    /// The root that a name with dots was meant to have, if what follows is there.
    fn near_root(&self, root: &str) -> Option<&'static str> {
        let near = kfp_diag::spelling::nearest(root, ROOTS)?;
        ROOTS.into_iter().find(|known| *known == near && *known != root)
    }

    fn missing(&self, name: &str, candidates: Vec<String>, why: Option<String>) -> Missing {
        Missing { why, candidates, is_refused: INSISTED.iter().any(|start| name.starts_with(start)) }
    }

    /// The names that start so and are seen from here.
    pub(crate) fn names(&self, root: &str) -> Vec<String> {
        match root {
            "workflow" => self.globals().names.iter().take(CANDIDATES).cloned().collect(),
            "inputs" => self.inputs(),
            "outputs" => self.outputs(),
            "pod" => self
                .template()
                .and_then(Template::kind)
                .filter(|kind| kind.is_pod())
                .map(|_| "pod.name".to_owned())
                .into_iter()
                .collect(),
            "node" => vec!["node.name".to_owned()],
            "retries" | "lastRetry" if self.retries() => {
                std::iter::once("retries").chain(LAST_RETRY).map(str::to_owned).collect()
            }
            "status" | "duration" | "exitCode" | "resourcesDuration" if self.site == Site::Metrics => {
                ["status", "duration", "exitCode", "resourcesDuration.cpu", "resourcesDuration.memory"]
                    .map(str::to_owned)
                    .to_vec()
            }
            _ => Vec::new(),
        }
    }

    /// Whether the template is tried again, as it says itself or the workflow says of all.
    pub(crate) fn retries(&self) -> bool {
        let spec = &self.ctx.manifest.spec;
        self.template().is_some_and(Template::retries)
            || spec.has("retryStrategy")
            || spec.at(&["templateDefaults", "retryStrategy"]).is_some()
    }

    fn inputs(&self) -> Vec<String> {
        let Some(template) = self.template() else { return Vec::new() };
        let mut names: Vec<String> = template
            .inputs
            .parameters
            .iter()
            .take(CANDIDATES)
            .map(|input| format!("inputs.parameters.{}", input.name))
            .collect();
        if !names.is_empty() {
            names.push("inputs.parameters".to_owned());
        }
        let is_leaf = template.kind().is_some_and(TemplateKind::is_leaf);
        for input in &template.inputs.artifacts {
            names.push(format!("inputs.artifacts.{}", input.name));
            if is_leaf {
                names.push(format!("inputs.artifacts.{}.path", input.name));
            }
        }
        names
    }

    fn outputs(&self) -> Vec<String> {
        let Some(template) = self.template() else { return Vec::new() };
        let artifacts = template
            .outputs
            .artifacts
            .iter()
            .map(|output| ("artifacts", output.name, output.spot.text_at("path")));
        let parameters = template.outputs.parameters.iter().map(|output| {
            let from = output.spot.get("valueFrom");
            ("parameters", output.name, from.and_then(|from| from.text_at("path")))
        });
        let with_path = artifacts.chain(parameters).filter(|(_, _, path)| path.is_some());
        with_path.map(|(what, name, _)| format!("outputs.{what}.{name}.path")).collect()
    }

    fn look_for_item(&self, name: &str) -> Verdict {
        let Some((kind, spot)) = self.task().and_then(|task| task.loops().next()) else {
            let why = "there is no loop here".to_owned();
            return Verdict::Missing(self.missing(name, Vec::new(), Some(why)));
        };
        let Some(key) = name.strip_prefix("item.") else { return Verdict::Known };
        match kind {
            "withParam" => Verdict::Known,
            "withItems" => self.look_in_items(name, key, &spot),
            _ => {
                let why = "the items of a sequence are numbers".to_owned();
                Verdict::Missing(self.missing(name, vec!["item".to_owned()], Some(why)))
            }
        }
    }

    fn look_in_items(&self, name: &str, key: &str, items: &Spot<'_>) -> Verdict {
        let first = key.split('.').next().unwrap_or_default();
        let has = |item: &Spot<'_>, key: &str| item.tree.get(key).is_some();
        if items.items().any(|item| has(&item, key) || has(&item, first)) {
            return Verdict::Known;
        }
        let keys = items.items().flat_map(|item| item.members().map(|(key, _)| format!("item.{key}")));
        let keys = keys.take(CANDIDATES);
        let candidates: Vec<String> = keys.collect();
        let why = if candidates.is_empty() {
            "the items of the loop are no objects"
        } else {
            "no item of the loop has it"
        };
        Verdict::Missing(self.missing(name, candidates, Some(why.to_owned())))
    }

    fn look_for_node(&self, root: &str, name: &str, parts: bool) -> Verdict {
        let mut steps = name.splitn(3, '.');
        let (_, task, field) =
            (steps.next(), steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
        if task == "name" && field.is_empty() {
            return Verdict::Known;
        }
        let kind = if root == "tasks" { TemplateKind::Dag } else { TemplateKind::Steps };
        let (Some(graph), Some(template)) = (self.graph, self.template()) else {
            let why = format!("`{root}` are those of a `{}`", kind.key());
            return Verdict::Missing(self.missing(name, Vec::new(), Some(why)));
        };
        if template.kind() != Some(kind) || matches!(self.site, Site::Body | Site::Metrics | Site::Workflow) {
            let why = format!("`{root}` are seen by the tasks and the outputs of a `{}`", kind.key());
            let other = if root == "tasks" { "steps" } else { "tasks" };
            let is_meant = template.kind().is_some_and(TemplateKind::is_graph) && graph.task(task).is_some();
            let candidates = if is_meant { vec![format!("{other}.{task}.{field}")] } else { Vec::new() };
            return Verdict::Missing(self.missing(name, candidates, Some(why)));
        }
        if parts && task.is_empty() {
            return Verdict::Known;
        }
        let Some(idx) = graph.task(task) else {
            let rest = if field.is_empty() { String::new() } else { format!(".{field}") };
            let candidates = template
                .tasks
                .iter()
                .take(CANDIDATES)
                .map(|other| format!("{root}.{}{rest}", other.name))
                .collect();
            return Verdict::Missing(self.missing(name, candidates, None));
        };
        if !self.is_before(graph, idx) {
            return Verdict::NotBefore(idx);
        }
        self.look_for_field(root, name, idx, field, parts)
    }

    fn is_before(&self, graph: &Graph<'_, '_>, idx: usize) -> bool {
        match self.site {
            Site::Task(own) => graph.is_before(idx, own),
            Site::Hook(own) => own == idx || graph.is_before(idx, own),
            Site::Workflow | Site::Body | Site::Outputs | Site::Metrics => true,
        }
    }

    fn look_for_field(&self, root: &str, name: &str, idx: usize, field: &str, parts: bool) -> Verdict {
        let Some(task) = self.template().and_then(|template| template.tasks.get(idx)) else {
            return Verdict::Known;
        };
        let called = self.called(task);
        if node::has(task, called, field).is_none_or(|has| has) {
            return Verdict::Known;
        }
        let fields = called.map(|template| node::fields(task, template)).unwrap_or_default();
        let start = format!("{field}.");
        if parts && (field.is_empty() || fields.iter().any(|known| known.starts_with(&start))) {
            return Verdict::Known;
        }
        // In an expression an artifact is an object with its location.
        let is_inside =
            |known: &String| known.contains(".artifacts.") && field.starts_with(&format!("{known}."));
        let why = fields
            .iter()
            .any(is_inside)
            .then(|| "where an artifact lies is not known to tags; hand it over as a parameter".to_owned());
        let candidates = fields.iter().map(|field| format!("{root}.{}.{field}", task.name)).collect();
        Verdict::Missing(self.missing(name, candidates, why))
    }
}
