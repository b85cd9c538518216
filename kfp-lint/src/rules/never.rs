//! Every task can run: its `depends` does not only wait for results that never occur.

use kfp_diag::{Diagnostic, codes};

use crate::ctx::Ctx;
use crate::flow::{Graph, OMITTED, OutcomeSet, SKIPPED, TaskOutcomes};
use crate::view::{Task, TemplateKind};

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates().filter(|template| template.is(TemplateKind::Dag)) {
        let graph = ctx.graph(template);
        let Some(outcomes) = ctx.outcomes(graph) else { continue };
        let tasks = template.tasks.iter().enumerate().filter(|(_, task)| task.depends().is_some());
        found.extend(tasks.filter_map(|(idx, _)| never(graph, outcomes, idx)));
    }
}

fn never(graph: &Graph<'_, '_>, outcomes: &TaskOutcomes, waiting: usize) -> Option<Diagnostic> {
    let tasks = &graph.template.tasks;
    let ends = |idx: usize| possible(&tasks[idx], outcomes.ends(idx));
    if outcomes.may_start(waiting, &ends) {
        return None;
    }
    let mut edges = graph.edges.iter().filter(|edge| edge.waiting == waiting);
    let (task, result) = edges.find_map(|edge| {
        let idx = graph.task(edge.before)?;
        let result = edge.result?;
        let way = if result == "Skipped" { SKIPPED } else { OMITTED };
        (matches!(result, "Skipped" | "Omitted") && ends(idx) & way == 0).then_some((&tasks[idx], result))
    })?;
    let note = match (result, task.is_loop()) {
        ("Omitted", _) => "only a task whose `depends` is false is omitted",
        (_, true) => "if `when` skips all iterations of a loop, the loop succeeds",
        (_, false) => "only a task with `when` is skipped",
    };
    let message =
        format!("`{}` never runs: `{}` is never {}", tasks[waiting].name, task.name, result.to_lowercase());
    Some(
        Diagnostic::warning(codes::EXPRESSION_CONSTANT, &tasks[waiting].depends()?.place, message)
            .also(&task.name_place(), "defined here")
            .note(note)
            .help(format!("use another result of `{}`, or remove the task", task.name)),
    )
}

/// Returns the outcomes of a task with those of loops: they are skipped only if their list is empty.
fn possible(task: &Task<'_>, ends: OutcomeSet) -> OutcomeSet {
    match task.loops().next() {
        Some(("withItems", _)) => ends & !SKIPPED,
        Some(_) => ends | SKIPPED,
        None => ends,
    }
}
