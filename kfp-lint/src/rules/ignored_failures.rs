//! Failures that are followed by other tasks still fail the DAG.

use std::collections::BTreeSet;

use kfp_diag::{Diagnostic, codes};

use super::targets::Targets;
use crate::ctx::Ctx;
use crate::flow::Graph;
use crate::flow::{ERRORED, FAILED, TaskOutcomes};
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
    let is_of_interest = |outcomes: &&TaskOutcomes| !outcomes.are_plain() && outcomes.can_follow_all();
    let Some(outcomes) = ctx.outcomes(graph).filter(is_of_interest) else { return };
    let tasks = &graph.template.tasks;
    for (idx, task) in tasks.iter().enumerate() {
        // `continueOn` ignores failures explicitly.
        if targets.contains(task.name) || task.node.has("continueOn") {
            continue;
        }
        let after = outcomes.runs_after(graph, idx, FAILED | ERRORED);
        let Some(after) = after.map(|after| &tasks[after]) else { continue };
        let message = format!("a failure of `{}` does not fail the DAG if `{}` runs", task.name, after.name);
        let place = after.depends().map_or_else(|| after.name_place(), |depends| depends.place);
        found.push(
            Diagnostic::warning(codes::ARGO_FORGIVEN, &place, message)
                .label(format!("`{}` also runs after a failure", after.name))
                .also(&task.name_place(), "this task may fail")
                .note("the targets determine the phase of a DAG; by default, the tasks that no other task depends on")
                .help(if targets.is_empty() {
                    "list all tasks in the `target` of the DAG, and set `failFast: false`".to_owned()
                } else {
                    format!("add `{}` to the `target` of the DAG", task.name)
                }),
        );
    }
}
