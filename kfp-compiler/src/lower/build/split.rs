//! Splits regions with more tasks than a DAG may have, or with chains that are too long for Argo's validation, into a
//! DAG of parts.
//!
//! Independent groups of tasks are kept together; a group that is too large is cut in the order of its dependencies. A
//! part starts when all parts that it depends on have succeeded, so after a failure these parts do not run at all. A
//! region is never cut at a task that may be skipped, nor behind a task that runs after failures.

use std::collections::{BTreeMap, BTreeSet};

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::limits::{CHAIN, TASKS};
use kfp_diag::graph;
use kfp_diag::{Diagnostic, codes};
use kfp_model::{Expression, OutputReference, Reference, Region, Task, TaskId, Trigger};

use crate::check::may_run_no_arm;
use crate::lower::analyse::captured::{self, Captured};
use crate::lower::analyse::names;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::lowered::{Below, Part};
use crate::lower::build::runs::Runs;
use crate::lower::build::scope::Scope;
use crate::lower::build::yields::{self, Yields};
use crate::lower::plan::terms::Concat;
use crate::lower::plan::{self, Argument};

/// The maximum number of tasks of a part.
const MAX_PART: usize = 100;

/// Returns the parts that the tasks of a region are split into; `None` if one DAG can contain them all.
pub(in crate::lower) fn parts<'a>(ctx: &Ctx<'_, 'a>, tasks: &[&'a Task]) -> Option<Vec<Vec<&'a Task>>> {
    // A branch is lowered to several tasks.
    let size = |task: &Task| task.regions().len().max(1);
    let whole: usize = tasks.iter().map(|task| size(task)).sum();
    if whole <= TASKS && longest_chain(ctx, tasks) <= CHAIN {
        return None;
    }
    let index: BTreeMap<&TaskId, usize> =
        tasks.iter().enumerate().map(|(idx, task)| (&task.id, idx)).collect();
    let (mut edges, mut joined) = (Vec::new(), Vec::new());
    let mut all_before = vec![Vec::new(); tasks.len()];
    // Tasks that may run although the part of a task before them has failed.
    let mut runs_after_failure = vec![false; tasks.len()];
    for (idx, task) in tasks.iter().enumerate() {
        for before in &ctx.checked.node(&task.id).dependencies {
            let Some(&from) = index.get(*before) else { continue };
            edges.push((from, idx));
            all_before[idx].push(from);
            let is_tolerant = tolerates_failure(ctx, task, before) || runs_after_failure[from];
            runs_after_failure[idx] |= is_tolerant;
            if is_tolerant || may_be_absent(ctx, before) {
                // With edges in both directions, they become one cluster.
                joined.push((idx, from));
            }
        }
    }
    let groups = graph::groups(tasks.len(), &edges);
    edges.extend(joined);
    let mut by_group: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
    for cluster in graph::clusters(tasks.len(), &edges) {
        by_group.entry(groups[cluster[0]]).or_default().push(cluster);
    }
    let packed = pack(by_group.into_values(), &all_before);
    Some(packed.into_iter().map(|part| part.into_iter().map(|idx| tasks[idx]).collect()).collect())
}

/// Combines small groups, and cuts large ones.
fn pack(groups: impl Iterator<Item = Vec<Vec<usize>>>, before: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut parts = Vec::new();
    let mut small: Vec<usize> = Vec::new();
    for group in groups {
        let size: usize = group.iter().map(Vec::len).sum();
        if size > MAX_PART {
            parts.extend(cut(group, before));
        } else {
            if small.len() + size > MAX_PART {
                parts.push(std::mem::take(&mut small));
            }
            small.extend(group.into_iter().flatten());
        }
    }
    if !small.is_empty() {
        parts.push(small);
    }
    parts
}

/// Cuts a group into parts. As far as the order allows, tasks without dependencies are not put into a part with
/// dependencies, because they would not run after a failure.
fn cut(group: Vec<Vec<usize>>, before: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut parts: Vec<Vec<usize>> = Vec::new();
    let (mut part, mut part_waits): (Vec<usize>, bool) = (Vec::new(), false);
    let mut done = BTreeSet::new();
    for cluster in group {
        let mut waits = cluster.iter().flat_map(|idx| &before[*idx]).any(|idx| done.contains(idx));
        let is_full = part.len() + cluster.len() > MAX_PART;
        if !part.is_empty() && (is_full || (waits && !part_waits)) {
            done.extend(part.iter().copied());
            parts.push(std::mem::take(&mut part));
            part_waits = false;
            waits = cluster.iter().flat_map(|idx| &before[*idx]).any(|idx| done.contains(idx));
        }
        part_waits |= waits;
        part.extend(cluster);
    }
    parts.push(part);
    parts
}

/// Whether the task runs even if `before` failed.
fn tolerates_failure(ctx: &Ctx<'_, '_>, task: &Task, before: &TaskId) -> bool {
    task.trigger == Trigger::AllDone || ctx.checked.node(before).task.continues_on_failure()
}

/// Whether the task may be skipped, or none of its arms may run.
fn may_be_absent(ctx: &Ctx<'_, '_>, task: &TaskId) -> bool {
    ctx.checked.may_skip(task) || may_run_no_arm(ctx.checked.node(task).task)
}

fn longest_chain(ctx: &Ctx<'_, '_>, tasks: &[&Task]) -> usize {
    let mut lengths: BTreeMap<&TaskId, usize> = BTreeMap::new();
    for task in tasks {
        let before = ctx.checked.node(&task.id).dependencies.iter();
        let longest = before.filter_map(|id| lengths.get(*id)).max().copied().unwrap_or(0);
        lengths.insert(&task.id, longest + 1);
    }
    lengths.into_values().max().unwrap_or(0)
}

/// Returns the DAG template of a split region, and its parts.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    region: &'a Region,
    yields: Yields<'_>,
    scope: &Scope,
    parts: Vec<Vec<&'a Task>>,
) -> (plan::Template, Vec<Below<'a>>) {
    let part_of: BTreeMap<&TaskId, usize> = parts
        .iter()
        .enumerate()
        .flat_map(|(idx, tasks)| tasks.iter().map(move |task| (&task.id, idx)))
        .collect();
    let used = |(part, tasks): (usize, &Vec<&Task>)| Runs { ctx, part_of: &part_of, part }.used_by(tasks);
    let mut used: Vec<BTreeSet<Captured>> = parts.iter().enumerate().map(used).collect();
    let mut yielded = BTreeSet::new();
    for expression in yields.values.values() {
        captured::collect_expression(expression, &mut yielded);
    }
    let mut exports = exports(&used, &yielded, &part_of);
    let mut outer = scope.clone();
    let (mut calls, mut below) = (Vec::new(), Vec::new());
    if parts.len() > 1 {
        let warning = warning(ctx, region, &parts, &part_of);
        ctx.built.diagnostics.push(warning);
    }
    for (idx, tasks) in parts.into_iter().enumerate() {
        let name = ctx.template_name(&format!("{name}-part-{}", idx + 1));
        let part_name = part_name(idx);
        let exported = names::parameters(std::mem::take(&mut exports[idx]));
        let inside = tasks.iter().flat_map(|task| captured::tasks_of(task)).collect();
        let scope = Scope::of(&inside, std::mem::take(&mut used[idx])).of_part(&tasks);
        calls.push(call(ctx, &outer, &scope, &tasks, &part_of, (idx, &name)));
        for (captured, output) in &exported {
            outer.relocate(captured.clone(), &part_name, output.clone());
        }
        below.push(Below::Part(Part { name, tasks, scope, exported }));
    }
    let inputs = scope.declarations();
    let mut template = plan::Template::graph(name, inputs, calls);
    template.outputs = yields.outputs(ctx, &outer);
    (template, below)
}

/// Returns the values that each part has to return, for other parts or as yields of the region.
fn exports(
    used: &[BTreeSet<Captured>],
    yielded: &BTreeSet<Captured>,
    part_of: &BTreeMap<&TaskId, usize>,
) -> Vec<BTreeSet<Captured>> {
    let mut exports = vec![BTreeSet::new(); used.len()];
    let users = used.iter().enumerate().map(|(idx, captures)| (Some(idx), captures));
    for (user, captures) in users.chain([(None, yielded)]) {
        for captured in captures {
            let task = match captured {
                Captured::Output(task, _) => Some(task),
                Captured::Run(run) => run.first().map(|output| &output.task),
                _ => None,
            };
            if let Some(producer) =
                task.and_then(|task| part_of.get(task)).filter(|producer| Some(**producer) != user)
            {
                exports[*producer].insert(captured.clone());
            }
        }
    }
    exports
}

fn part_name(idx: usize) -> String {
    format!("part-{}", idx + 1)
}

/// Returns the task that calls a part.
fn call(
    ctx: &Ctx<'_, '_>,
    outer: &Scope,
    part: &Scope,
    tasks: &[&Task],
    part_of: &BTreeMap<&TaskId, usize>,
    (idx, template): (usize, &str),
) -> plan::Task {
    let printer = Printer { ctx, scope: outer, reader: Reader::End };
    let parameter =
        |(captured, name): (&Captured, &str)| Argument::new(name, printer.reading(captured).text());
    let before = parts_before(ctx, tasks, part_of, idx).into_iter();
    let depends = Depends::all(before.map(|idx| Depends::ended(part_name(idx), Some(Outcome::Succeeded))));
    plan::Task {
        name: part_name(idx),
        calls: template.to_owned(),
        depends,
        arguments: part.inputs().map(parameter).collect(),
        ..plan::Task::default()
    }
}

/// Returns the parts that a part depends on.
fn parts_before(
    ctx: &Ctx<'_, '_>,
    tasks: &[&Task],
    part_of: &BTreeMap<&TaskId, usize>,
    idx: usize,
) -> BTreeSet<usize> {
    let before = tasks.iter().flat_map(|task| &ctx.checked.node(&task.id).dependencies);
    before.filter_map(|id| part_of.get(*id).copied()).filter(|other| *other != idx).collect()
}

/// Returns the warning about a split region.
fn warning(
    ctx: &Ctx<'_, '_>,
    region: &Region,
    parts: &[Vec<&Task>],
    part_of: &BTreeMap<&TaskId, usize>,
) -> Diagnostic {
    let task = parts.iter().flatten().next().map(|task| ctx.checked.node(&task.id).place.clone());
    // The parent of a task is the list of tasks, and its parent is the region.
    let place = task.and_then(|place| place.parent()?.parent()).unwrap_or_else(|| ctx.checked.place());
    let tasks = region.tasks.len();
    let message = format!("{tasks} tasks in one scope are split into {} parts", parts.len());
    let are_dependent =
        parts.iter().enumerate().any(|(idx, tasks)| !parts_before(ctx, tasks, part_of, idx).is_empty());
    let note = if are_dependent {
        "if a task fails, tasks that depend on any other task of its part do not run either"
    } else {
        "the parts are independent, so this does not affect the run"
    };
    let reason = format!("the limits are {TASKS} tasks in one graph, and {CHAIN} tasks in a chain");
    let diagnostic = Diagnostic::warning(codes::LOWERED_IN_PARTS, &place, message).note(reason).note(note);
    if are_dependent {
        diagnostic.help("to choose the parts yourself, move related tasks into separate pipelines")
    } else {
        diagnostic
    }
}

/// Returns the outputs of a part.
pub(in crate::lower) fn outputs(
    ctx: &Ctx<'_, '_>,
    scope: &Scope,
    exported: &BTreeMap<Captured, String>,
) -> Vec<plan::Output> {
    let printer = Printer { ctx, scope, reader: Reader::End };
    let source = |captured: &Captured| match captured {
        Captured::Output(task, output) => {
            let reference = OutputReference { task: task.clone(), output: output.clone() };
            let value = Expression::Reference(Reference::Output(reference));
            Some(yields::called(&printer, &value))
        }
        Captured::Run(run) => Some(joined(&printer, run)),
        _ => None,
    };
    let output = |(captured, name): (&Captured, &String)| Some(plan::Output::new(name, source(captured)?));
    exported.iter().filter_map(output).collect()
}

/// Returns the source of a run in the part that produces it: the JSON texts of the items, joined with commas.
fn joined(printer: &Printer<'_, '_, '_>, run: &[OutputReference]) -> plan::Source {
    let mut whole = Concat::default();
    for (idx, output) in run.iter().enumerate() {
        whole.text(if idx == 0 { "" } else { "," });
        whole.expression(printer.json(&Expression::Reference(Reference::Output(output.clone()))));
    }
    plan::Source::from(whole.whole())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the sizes of the parts of one group, in which each task depends on the tasks that `before` returns.
    fn sizes(count: usize, before: impl Fn(usize) -> Vec<usize>) -> Vec<usize> {
        let before: Vec<Vec<usize>> = (0..count).map(before).collect();
        let group = (0..count).map(|idx| vec![idx]).collect();
        let parts = pack([group].into_iter(), &before);
        let mut all: Vec<usize> = parts.iter().flatten().copied().collect();
        all.sort_unstable();
        assert_eq!(all, (0..count).collect::<Vec<_>>());
        parts.iter().map(Vec::len).collect()
    }

    #[test]
    fn tasks_without_dependencies_are_in_separate_parts() {
        // A chain.
        assert_eq!(sizes(250, |idx| idx.checked_sub(1).into_iter().collect()), [100, 100, 50]);
        // A fan-in: the last task depends on all others, and is in a separate part.
        let all = |last: usize| move |idx: usize| if idx == last { (0..last).collect() } else { Vec::new() };
        assert_eq!(sizes(151, all(150)), [100, 50, 1]);
        // Pairs stay together as long as no earlier part is a dependency.
        let pairs = |idx: usize| if idx % 2 == 1 { vec![idx - 1] } else { Vec::new() };
        assert_eq!(sizes(210, pairs), [100, 100, 10]);
        // Two layers.
        let layers = |idx: usize| if idx < 120 { Vec::new() } else { (0..120).collect() };
        assert_eq!(sizes(240, layers), [100, 20, 100, 20]);
    }

    #[test]
    fn small_groups_share_parts_and_clusters_stay_whole() {
        let group =
            |start: usize, count: usize| (start..start + count).map(|idx| vec![idx]).collect::<Vec<_>>();
        let before = vec![Vec::new(); 400];
        let parts = pack([group(0, 60), group(60, 60), group(120, 40), group(160, 1)].into_iter(), &before);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [60, 100, 1]);
        let whole: Vec<usize> = (0..150).collect();
        let parts = pack([vec![vec![150], whole, vec![151]]].into_iter(), &before);
        assert_eq!(parts.iter().map(Vec::len).collect::<Vec<_>>(), [1, 150, 1]);
    }
}
