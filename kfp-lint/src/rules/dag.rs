//! Tasks wait for existing tasks and known results, without cycles.

use std::collections::BTreeMap;

use kfp_diag::graph::cycles;
use kfp_diag::spelling::{having, nearest};
use kfp_diag::{Code, Diagnostic, codes};
use kfp_model::Place;

use crate::ctx::Ctx;
use crate::flow::{Edge, Graph};
use crate::view::{Template, TemplateKind};

/// The results that only loops have.
const OF_LOOPS: [&str; 2] = ["AnySucceeded", "AllFailed"];

pub(super) fn check(ctx: &Ctx<'_, '_>, found: &mut Vec<Diagnostic>) {
    for template in ctx.templates() {
        match template.kind() {
            Some(TemplateKind::Dag) => of_dag(ctx.graph(template), found),
            Some(TemplateKind::Steps) if template.tasks.is_empty() => {
                let message = format!("{} has no steps", template.describe());
                found.push(
                    Diagnostic::warning(codes::ARGO_EMPTY_GRAPH, &template.node.place.key("steps"), message)
                        .help("add a step"),
                );
            }
            _ => {}
        }
    }
}

fn of_dag(graph: &Graph<'_, '_>, found: &mut Vec<Diagnostic>) {
    let template = graph.template;
    if template.tasks.is_empty() {
        let message = format!("{} has no tasks", template.describe());
        found.push(
            Diagnostic::error(codes::ARGO_EMPTY_GRAPH, &template.node.place.key("dag"), message)
                .help("add a task"),
        );
        return;
    }
    for edge in &graph.edges {
        found.extend(unknown(graph, edge, &edge.place));
        found.extend(result(graph, edge));
    }
    mixed(template, found);
    report_cycles(graph, found);
}

fn unknown(graph: &Graph<'_, '_>, edge: &Edge<'_>, place: &Place) -> Option<Diagnostic> {
    if graph.task(edge.before).is_some() {
        return None;
    }
    let waiting = graph.template.tasks[edge.waiting].name;
    let message = format!("`{waiting}` waits for the unknown task `{}`", edge.before);
    let diagnostic = Diagnostic::error(codes::ARGO_UNKNOWN_TASK, place, message);
    Some(spelled(graph.template, diagnostic, edge.before))
}

/// Adds a suggestion: the most similar task name, or the list of tasks.
pub(super) fn spelled(template: &Template<'_>, diagnostic: Diagnostic, name: &str) -> Diagnostic {
    let names = || template.tasks.iter().map(|task| task.name);
    match nearest(name, names()) {
        Some(near) => diagnostic.help(format!("use `{near}`")),
        None => diagnostic.help(format!("use an existing task: the DAG has {}", having("task", names()))),
    }
}

fn result(graph: &Graph<'_, '_>, edge: &Edge<'_>) -> Option<Diagnostic> {
    let result = edge.result?;
    let task = &graph.template.tasks[graph.task(edge.before)?];
    (OF_LOOPS.contains(&result) && !task.is_loop()).then(|| {
        let message = format!("`{result}` requires a loop, but `{}` is a single task", task.name);
        Diagnostic::error(codes::ARGO_DEPENDS, &edge.place, message)
            .also(&task.name_place(), "defined here, without a loop")
            .help(if result == "AllFailed" { "use `Failed`" } else { "use `Succeeded`" })
    })
}

/// Checks that a DAG that uses `depends` uses neither `dependencies` nor `continueOn`.
fn mixed(template: &Template<'_>, found: &mut Vec<Diagnostic>) {
    let Some(depends) = template.tasks.iter().find_map(|task| task.depends().map(|depends| depends.place))
    else {
        return;
    };
    for task in &template.tasks {
        if task.dependencies().next().is_some() {
            found.push(
                Diagnostic::error(
                    codes::ARGO_DEPENDS,
                    &task.node.place.key("dependencies"),
                    "`dependencies` and `depends` cannot be used in the same DAG",
                )
                .also(&depends, "`depends` is used here")
                .help("use `depends` for all tasks"),
            );
        }
        if task.node.has("continueOn") {
            found.push(
                Diagnostic::error(
                    codes::ARGO_DEPENDS,
                    &task.node.place.key("continueOn"),
                    "`continueOn` and `depends` cannot be used in the same DAG",
                )
                .also(&depends, "`depends` is used here")
                .help(format!(
                    "use `{0}.Succeeded || {0}.Failed` in the `depends` of later tasks",
                    task.name
                )),
            );
        }
    }
}

fn report_cycles(graph: &Graph<'_, '_>, found: &mut Vec<Diagnostic>) {
    let names: Vec<&str> = graph.template.tasks.iter().map(|task| task.name).collect();
    let mut places = BTreeMap::new();
    for edge in &graph.edges {
        if let Some(before) = graph.task(edge.before) {
            places.entry((edge.waiting, before)).or_insert_with(|| edge.place.clone());
        }
    }
    for cycle in cycles(names.len(), &graph.pairs()) {
        found.extend(self::cycle("task", codes::ARGO_CYCLE, &cycle, &names, &places));
    }
}

/// Reports a dependency cycle with all of its edges.
pub(super) fn cycle(
    what: &str,
    code: Code,
    cycle: &[usize],
    names: &[&str],
    places: &BTreeMap<(usize, usize), Place>,
) -> Option<Diagnostic> {
    let next = |idx: usize| cycle[(idx + 1) % cycle.len()];
    let label = |idx: usize| format!("`{}` waits for `{}`", names[cycle[idx]], names[next(idx)]);
    let place = |idx: usize| places.get(&(cycle[idx], next(idx)));
    let message = match cycle {
        [only] => format!("{what} `{}` waits for itself", names[*only]),
        [first, second] => {
            format!("{what}s `{}` and `{}` wait for each other", names[*first], names[*second])
        }
        _ => format!("dependency cycle of {} {what}s", cycle.len()),
    };
    let mut diagnostic = Diagnostic::error(code, place(0)?, message).label(label(0));
    for idx in 1..cycle.len() {
        diagnostic = diagnostic.also(place(idx)?, label(idx));
    }
    Some(diagnostic.help("remove one of these dependencies"))
}
