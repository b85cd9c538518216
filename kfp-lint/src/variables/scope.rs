//! A position in a manifest, and the variables available there.

use kfp_diag::spelling::CANDIDATES;

use super::node;
use crate::ctx::Ctx;
use crate::expression::in_expression;
use crate::flow::Graph;
use crate::globals::Globals;
use crate::view::{Target, Task, Template, TemplateKind, YamlNode};

/// The position in a template where a variable is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Site {
    /// Outside any template.
    Workflow,
    /// In the template itself.
    Body,
    /// In its outputs.
    Outputs,
    /// In its metrics, which are emitted after it has run.
    Metrics,
    /// In a task or step.
    Task(usize),
    /// In a hook of a task or step.
    Hook(usize),
}

/// A position and the variables available there.
#[derive(Clone, Copy)]
pub(crate) struct VariableScope<'s, 'p, 'a> {
    pub(crate) ctx: &'s Ctx<'p, 'a>,
    /// The task graph of the template.
    pub(crate) graph: Option<&'s Graph<'p, 'a>>,
    pub(crate) site: Site,
    /// The scope of the task that contains the template, for an inline template.
    pub(crate) outer: Option<&'s VariableScope<'s, 'p, 'a>>,
}

/// The result of looking up a name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Lookup {
    /// The variable exists or may exist.
    Known,
    /// The variable does not exist.
    Missing(Missing),
    /// An output of the task with this index, which may not have run yet.
    NotBefore(usize),
    /// No variable has a similar name, so the tag is not replaced.
    NotAVariable,
}

/// Details about a variable that does not exist.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Missing {
    /// The reason, if known.
    pub(crate) why: Option<String>,
    /// The intended variable, if known.
    pub(crate) intended: Option<String>,
    /// Existing names, from which a similar one is suggested.
    pub(crate) candidates: Vec<String>,
    /// Whether Argo rejects the workflow or hangs. Otherwise, the tag is not replaced.
    pub(crate) is_refused: bool,
}

/// Prefixes of names that Argo requires to exist.
const REQUIRED: [&str; 6] = ["item.", "steps.", "inputs.", "pod.", "workflow.", "tasks."];

/// The first component of variable names.
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

impl<'p, 'a> VariableScope<'_, 'p, 'a> {
    pub(crate) fn template(&self) -> Option<&'p Template<'a>> {
        self.graph.map(|graph| graph.template)
    }

    pub(crate) fn globals(&self) -> &Globals<'a> {
        &self.ctx.globals
    }

    /// Returns the task at this position.
    pub(crate) fn task(&self) -> Option<&'p Task<'a>> {
        match self.site {
            Site::Task(idx) | Site::Hook(idx) => self.template()?.tasks.get(idx),
            Site::Workflow | Site::Body | Site::Outputs | Site::Metrics => None,
        }
    }

    /// Returns the template that the task runs.
    pub(crate) fn called(&self, task: &'p Task<'a>) -> Option<&'p Template<'a>> {
        match self.ctx.project.target(self.ctx.manifest, &task.call) {
            Target::Found(template, _) => Some(template),
            Target::NoTemplate(_) | Target::NoManifest | Target::Unknown => None,
        }
    }

    /// Looks up a dotted name. In expressions, a name may also be a prefix of other names.
    pub(crate) fn look_up(&self, name: &str, in_expression: bool) -> Lookup {
        let lookup = self.look_up_here(name, in_expression);
        match (&lookup, self.outer) {
            (Lookup::Known, _) | (_, None) => lookup,
            (_, Some(outer)) => match outer.look_up(name, in_expression) {
                Lookup::Known => Lookup::Known,
                _ => lookup,
            },
        }
    }

    fn look_up_here(&self, name: &str, in_expression: bool) -> Lookup {
        let root = name.split('.').next().unwrap_or_default();
        let parts = in_expression && ROOTS.contains(&root);
        match root {
            "tasks" | "steps" => self.look_up_node(root, name, parts),
            "item" => self.look_up_item(name, in_expression),
            "outputs" if self.site == Site::Metrics => Lookup::Known,
            "workflow" if self.globals().may_have(name) => Lookup::Known,
            "node" if name == "node.name" => Lookup::Known,
            _ if self.exists(root, name, parts) => Lookup::Known,
            _ => self.look_up_among(name, &self.names(root), parts),
        }
    }

    /// Checks the variables that may be numerous without listing all of them.
    fn exists(&self, root: &str, name: &str, parts: bool) -> bool {
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

    fn look_up_among(&self, name: &str, names: &[String], parts: bool) -> Lookup {
        let start = format!("{name}.");
        if names.iter().any(|known| known == name || (parts && known.starts_with(&start))) {
            return Lookup::Known;
        }
        let root = name.split('.').next().unwrap_or_default();
        if !ROOTS.contains(&root) && self.near_root(root).is_none() {
            return Lookup::NotAVariable;
        }
        let mut candidates = names.to_vec();
        if let Some(near) = self.near_root(root) {
            candidates.push(format!("{near}{}", &name[root.len()..]));
        }
        Lookup::Missing(self.missing(name, candidates, None))
    }

    /// Returns the root that is most similar to a misspelled one.
    fn near_root(&self, root: &str) -> Option<&'static str> {
        let near = kfp_diag::spelling::nearest(root, ROOTS)?;
        ROOTS.into_iter().find(|known| *known == near && *known != root)
    }

    fn missing(&self, name: &str, candidates: Vec<String>, why: Option<String>) -> Missing {
        Missing {
            why,
            intended: None,
            candidates,
            is_refused: REQUIRED.iter().any(|start| name.starts_with(start)),
        }
    }

    /// Returns the names with that root that are available here.
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

    /// Returns whether the template is retried because of its own retry strategy or that of the workflow.
    pub(crate) fn retries(&self) -> bool {
        self.template().is_some_and(|template| self.ctx.retries(template))
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
        // The list of all inputs as JSON, which is `null` if there are none.
        names.push("inputs.parameters".to_owned());
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
            .map(|output| ("artifacts", output.name, output.node.text_at("path")));
        let parameters = template.outputs.parameters.iter().map(|output| {
            let from = output.node.get("valueFrom");
            ("parameters", output.name, from.and_then(|from| from.text_at("path")))
        });
        let with_path = artifacts.chain(parameters).filter(|(_, _, path)| path.is_some());
        with_path.map(|(what, name, _)| format!("outputs.{what}.{name}.path")).collect()
    }

    fn look_up_item(&self, name: &str, in_expression: bool) -> Lookup {
        let Some((kind, node)) = self.task().and_then(|task| task.loops().next()) else {
            let why = "the task has no loop".to_owned();
            return Lookup::Missing(self.missing(name, Vec::new(), Some(why)));
        };
        let Some(key) = name.strip_prefix("item.") else { return Lookup::Known };
        match kind {
            "withParam" | "withItems" if key.contains('.') && !in_expression => {
                self.look_up_nested(name, key, &node)
            }
            "withParam" => Lookup::Known,
            "withItems" => self.look_up_in_items(name, key, &node),
            _ => {
                let why = "the items of a sequence are numbers".to_owned();
                let missing = self.missing(name, Vec::new(), Some(why));
                Lookup::Missing(Missing { intended: Some("item".to_owned()), ..missing })
            }
        }
    }

    /// Looks up a key with dots, which is not a path: the values of an item are inserted as they are.
    fn look_up_nested(&self, name: &str, key: &str, items: &YamlNode<'_>) -> Lookup {
        if items.items().any(|item| item.tree.get(key).is_some()) {
            return Lookup::Known;
        }
        let why = "tags can only read the first level of an item".to_owned();
        let path = in_expression(name);
        let intended = Some(format!("{{{{=fromJSON(item){}}}}}", path.strip_prefix("item").unwrap_or(&path)));
        Lookup::Missing(Missing { intended, ..self.missing(name, Vec::new(), Some(why)) })
    }

    fn look_up_in_items(&self, name: &str, key: &str, items: &YamlNode<'_>) -> Lookup {
        let first = key.split('.').next().unwrap_or_default();
        let has = |item: &YamlNode<'_>, key: &str| item.tree.get(key).is_some();
        if items.items().any(|item| has(&item, key) || has(&item, first)) {
            return Lookup::Known;
        }
        let keys = items.items().flat_map(|item| item.members().map(|(key, _)| format!("item.{key}")));
        let keys = keys.take(CANDIDATES);
        let candidates: Vec<String> = keys.collect();
        let why = if candidates.is_empty() {
            "the items of the loop are not objects"
        } else {
            "no item of the loop has this key"
        };
        Lookup::Missing(self.missing(name, candidates, Some(why.to_owned())))
    }

    fn look_up_node(&self, root: &str, name: &str, parts: bool) -> Lookup {
        let mut steps = name.splitn(3, '.');
        let (_, task, field) =
            (steps.next(), steps.next().unwrap_or_default(), steps.next().unwrap_or_default());
        if task == "name" && field.is_empty() {
            return Lookup::Known;
        }
        let kind = if root == "tasks" { TemplateKind::Dag } else { TemplateKind::Steps };
        let (Some(graph), Some(template)) = (self.graph, self.template()) else {
            let why = format!("`{root}` is only available in a `{}` template", kind.key());
            return Lookup::Missing(self.missing(name, Vec::new(), Some(why)));
        };
        if template.kind() != Some(kind) || matches!(self.site, Site::Body | Site::Metrics | Site::Workflow) {
            let why = format!(
                "`{root}` is only available in the {root} and outputs of a `{}` template",
                kind.key()
            );
            let other = if root == "tasks" { "steps" } else { "tasks" };
            let is_meant = template.kind().is_some_and(TemplateKind::is_graph) && graph.task(task).is_some();
            let intended = is_meant.then(|| format!("{other}.{task}.{field}"));
            let missing = self.missing(name, Vec::new(), Some(why));
            return Lookup::Missing(Missing { intended, ..missing });
        }
        if parts && task.is_empty() {
            return Lookup::Known;
        }
        let Some(idx) = graph.task(task) else {
            let rest = if field.is_empty() { String::new() } else { format!(".{field}") };
            let candidates = template
                .tasks
                .iter()
                .take(CANDIDATES)
                .map(|other| format!("{root}.{}{rest}", other.name))
                .collect();
            return Lookup::Missing(self.missing(name, candidates, None));
        };
        if !self.is_before(graph, idx) {
            return Lookup::NotBefore(idx);
        }
        self.look_up_field(root, name, idx, field, parts)
    }

    fn is_before(&self, graph: &Graph<'_, '_>, idx: usize) -> bool {
        match self.site {
            Site::Task(own) => graph.is_before(idx, own),
            Site::Hook(own) => own == idx || graph.is_before(idx, own),
            Site::Workflow | Site::Body | Site::Outputs | Site::Metrics => true,
        }
    }

    fn look_up_field(&self, root: &str, name: &str, idx: usize, field: &str, parts: bool) -> Lookup {
        let Some(task) = self.template().and_then(|template| template.tasks.get(idx)) else {
            return Lookup::Known;
        };
        let called = self.called(task);
        if node::has(task, called, field).is_none_or(|has| has) {
            return Lookup::Known;
        }
        let fields = called.map(|template| node::fields(task, template)).unwrap_or_default();
        let start = format!("{field}.");
        if parts && (field.is_empty() || fields.iter().any(|known| known.starts_with(&start))) {
            return Lookup::Known;
        }
        // In expressions, an artifact is an object that contains its location.
        let is_inside =
            |known: &String| known.contains(".artifacts.") && field.starts_with(&format!("{known}."));
        let why = fields
            .iter()
            .any(is_inside)
            .then(|| "tags cannot read the location of an artifact; pass it as a parameter".to_owned());
        let candidates = fields.iter().map(|field| format!("{root}.{}.{field}", task.name)).collect();
        Lookup::Missing(self.missing(name, candidates, why))
    }
}
