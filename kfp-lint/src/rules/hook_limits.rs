//! Limits of parallelism do not end the controller.
//!
//! If a task of a DAG below a hook of a workflow has to wait for a limit, the DAG lists a child without a node. The
//! controller treats that as a fatal error each time it processes the workflow.

use std::collections::BTreeMap;

use kfp_diag::source::Node;
use kfp_diag::{Diagnostic, codes};

use crate::ctx::{Ctx, Place};
use crate::flow::Graph;
use crate::view::{Target, Task, Template, TemplateKind, YamlNode};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let reached = ctx.reached(ctx.exits());
    let dags =
        || reached.iter().map(|(template, _)| *template).filter(|template| template.is(TemplateKind::Dag));
    for dag in dags() {
        if let Some((limit, node)) = limit(&dag.node)
            && children(dag).is_none_or(|most| most > limit)
        {
            found.push(warning(&node, dag));
        }
    }
    let own = limit(&ctx.manifest.spec);
    let inherited = || ctx.home().and_then(|home| limit(&home.spec));
    let (Some((most, node)), Some(dag)) = (own.or_else(inherited), dags().next()) else { return };
    if ctx.exits().any(|place| Walk::new(ctx).template(place).is_none_or(|pods| pods > most)) {
        found.push(warning(&node, dag));
    }
}

fn warning(limit: &YamlNode<'_>, dag: &Template<'_>) -> Diagnostic {
    let message = "the controller exits if a step of a hook has to wait for this limit";
    Diagnostic::warning(codes::ARGO_HOOK_LIMIT, &limit.place, message)
        .also(&dag.name_place(), "a DAG that the hook runs")
        .help("use `steps` instead of `dag` in all templates of the hook, or remove the limit")
}

fn limit<'a>(node: &YamlNode<'a>) -> Option<(u64, YamlNode<'a>)> {
    let limit = node.get("parallelism")?;
    match &limit.tree.node {
        Node::Number(number) => Some((number.as_u64()?, limit)),
        _ => None,
    }
}

/// Determines how many pods a template may run at once.
struct Walk<'c, 'p, 'a> {
    ctx: &'c Ctx<'p, 'a>,
    /// The templates around the current one.
    open: Vec<*const Template<'a>>,
}

impl<'c, 'p, 'a> Walk<'c, 'p, 'a> {
    fn new(ctx: &'c Ctx<'p, 'a>) -> Self {
        Self { ctx, open: Vec::new() }
    }

    /// Returns the maximum number of pods; `None` if it is not known.
    fn template(&mut self, (template, manifest): Place<'p, 'a>) -> Option<u64> {
        if !template.kind().is_some_and(TemplateKind::is_graph) {
            return Some(u64::from(template.kind().is_some_and(TemplateKind::is_pod)));
        }
        let pointer = std::ptr::from_ref(template);
        if self.open.contains(&pointer) {
            return None;
        }
        self.open.push(pointer);
        let tasks = template.tasks.iter().map(|task| {
            let called = match self.ctx.project.target(manifest, &task.call) {
                Target::Found(template, manifest) => self.template((template, manifest)),
                Target::NoTemplate(_) | Target::NoManifest | Target::Unknown => None,
            };
            called?.checked_mul(iterations(task)?)
        });
        let counts: Vec<Option<u64>> = tasks.collect();
        self.open.pop();
        at_once(template, &counts)
    }
}

/// Returns how many tasks of the template may run at once.
fn children(template: &Template<'_>) -> Option<u64> {
    let counts: Vec<Option<u64>> = template.tasks.iter().map(iterations).collect();
    at_once(template, &counts)
}

/// Returns the largest sum of the counts of tasks that may run at once. Tasks of a DAG run one after the other only if
/// they form a chain.
fn at_once(template: &Template<'_>, counts: &[Option<u64>]) -> Option<u64> {
    if template.is(TemplateKind::Dag) {
        let graph = Graph::of(template);
        let order = graph.order().unwrap_or_default();
        let is_chain = !order.is_empty() && order.windows(2).all(|pair| graph.is_before(pair[0], pair[1]));
        let all = counts.iter().try_fold((0_u64, 0_u64), |(sum, most), count| {
            Some((sum.saturating_add((*count)?), most.max((*count)?)))
        });
        return all.map(|(sum, most)| if is_chain { most } else { sum });
    }
    let mut groups = BTreeMap::<usize, u64>::new();
    for (task, count) in template.tasks.iter().zip(counts) {
        let group = groups.entry(task.group).or_default();
        *group = group.saturating_add((*count)?);
    }
    Some(groups.into_values().max().unwrap_or(0))
}

/// Returns the number of iterations of the task; `None` if it is only known at run time.
fn iterations(task: &Task<'_>) -> Option<u64> {
    match task.loops().next() {
        None => Some(1),
        Some(("withItems", items)) => Some(items.tree.items().len() as u64),
        Some(_) => None,
    }
}
