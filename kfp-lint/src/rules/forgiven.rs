//! A failure that something ran after still counts.

use std::collections::BTreeSet;

use kfp_diag::{Diagnostic, codes};

use super::targets::Targets;
use crate::ctx::Ctx;
use crate::flow::Graph;
use crate::flow::{ERRORED, FAILED, Outcomes};
use crate::view::TemplateKind;

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates().filter(|template| template.is(TemplateKind::Dag)) {
        let targets = Targets::of(ctx, template);
        if let Some(targets) = targets.as_ref().map_or_else(|| Some(BTreeSet::new()), Targets::names) {
            of_dag(ctx, ctx.graph(template), &targets, found);
        }
    }
}

fn of_dag<'p, 'a>(
    ctx: &Ctx<'p, 'a>,
    graph: &Graph<'p, 'a>,
    targets: &BTreeSet<&str>,
    found: &mut Vec<Diagnostic>,
) {
    let is_of_interest = |outcomes: &&Outcomes| !outcomes.are_plain() && outcomes.can_follow_all();
    let Some(outcomes) = ctx.outcomes(graph).filter(is_of_interest) else { return };
    let tasks = &graph.template.tasks;
    for (idx, task) in tasks.iter().enumerate() {
        // Whoever writes `continueOn` has asked for it.
        if targets.contains(task.name) || task.spot.has("continueOn") {
            continue;
        }
        let after = outcomes.runs_after(graph, idx, FAILED | ERRORED);
        let Some(after) = after.map(|after| &tasks[after]) else { continue };
        let message = format!("a failure of `{}` is forgotten once `{}` has run", task.name, after.name);
        let place = after.depends().map_or_else(|| after.names(), |depends| depends.place);
        found.push(
            Diagnostic::warning(codes::ARGO_FORGIVEN, &place, message)
                .label(format!("`{}` runs although it failed", after.name))
                .also(&task.names(), "it may fail")
                .note("the phase of a DAG is that of its targets, by default the tasks that nobody waits for")
                .help(if targets.is_empty() {
                    "list all tasks in the `target` of the DAG, and set `failFast: false`".to_owned()
                } else {
                    format!("add `{}` to the `target` of the DAG", task.name)
                }),
        );
    }
}
