//! Recursion is conditional.

use std::collections::{BTreeMap, HashMap};

use kfp_diag::graph::cycles;
use kfp_diag::{Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::flow::Graph;
use crate::view::{Target, Template, TemplateKind};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    let templates: Vec<&Template<'_>> = ctx.templates().collect();
    let index: HashMap<*const Template<'_>, usize> =
        templates.iter().enumerate().map(|(idx, template)| (std::ptr::from_ref(*template), idx)).collect();
    let mut edges: BTreeMap<(usize, usize), Place> = BTreeMap::new();
    for (idx, template) in templates.iter().enumerate() {
        let mut conditional: Option<Vec<bool>> = None;
        for (task_idx, task) in template.tasks.iter().enumerate() {
            let Target::Found(called, _) = ctx.project.target(ctx.manifest, &task.call) else { continue };
            let Some(called) = index.get(&std::ptr::from_ref(called)) else { continue };
            if !conditional.get_or_insert_with(|| may_not_run(ctx.graph(template)))[task_idx] {
                edges.entry((idx, *called)).or_insert_with(|| task.name_place());
            }
        }
    }
    let pairs: Vec<(usize, usize)> = edges.keys().copied().collect();
    for cycle in cycles(templates.len(), &pairs) {
        found.extend(endless(&templates, &cycle, &edges));
    }
}

/// Returns for each task whether it may be skipped because of its own condition or that of an earlier task.
fn may_not_run(graph: &Graph<'_, '_>) -> Vec<bool> {
    let tasks = &graph.template.tasks;
    let own: Vec<bool> = tasks.iter().map(|task| task.when().is_some() || task.is_loop()).collect();
    // Steps run in sequence, and a failed step ends the template.
    if !graph.template.is(TemplateKind::Dag) {
        return own;
    }
    // A `depends` on the result of a task is a condition.
    let mut depends = vec![false; tasks.len()];
    for edge in graph.edges.iter().filter(|edge| edge.result.is_some()) {
        depends[edge.waiting] = true;
    }
    let before = graph.any_before(|task| own[task] || depends[task]);
    (0..tasks.len()).map(|task| own[task] || depends[task] || before[task]).collect()
}

fn endless(
    templates: &[&Template<'_>],
    cycle: &[usize],
    edges: &BTreeMap<(usize, usize), Place>,
) -> Option<Diagnostic> {
    let next = |idx: usize| cycle[(idx + 1) % cycle.len()];
    let place = |idx: usize| edges.get(&(cycle[idx], next(idx)));
    let label = |idx: usize| {
        format!("{} calls {} here", templates[cycle[idx]].describe(), templates[next(idx)].describe())
    };
    let message = match cycle {
        [only] => format!("{} calls itself unconditionally", templates[*only].describe()),
        _ => format!("{} templates call each other unconditionally", cycle.len()),
    };
    let mut diagnostic = Diagnostic::error(codes::ARGO_RECURSION, place(0)?, message).label(label(0));
    for idx in 1..cycle.len() {
        diagnostic = diagnostic.also(place(idx)?, label(idx));
    }
    Some(
        diagnostic
            .note("the run ends with an error after about 100 recursion levels")
            .help("add a `when` to one of these tasks"),
    )
}
