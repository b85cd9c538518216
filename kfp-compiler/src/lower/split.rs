//! Regions with more tasks than a DAG may have, or with longer chains than Argo's own validation takes well,
//! are lowered as a DAG of parts.
//!
//! Groups of tasks that have nothing to do with each other stay together; a group that is too large is cut in
//! the order of its dependencies. A part begins when all of the parts before it have succeeded, so after a
//! failure the parts that depend on it do not run at all. No cut goes through what may be skipped.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Expression, OutputReference, Reference, Region, Task, TaskId, Trigger};

use super::absence::may_go_untaken;
use super::atom::{self, Atom};
use super::ctx::Ctx;
use super::expression::{Printer, Reader};
use super::names;
use super::region::{self, Lowered};
use super::scope::Scope;
use super::yields::{self, Role};
use crate::argo::{Arguments, DagTask, Inputs, Parameter, Template};
use crate::dag;

/// The most tasks that a DAG may have, by the custom resource definition.
const MOST: usize = 200;
/// The longest chain in one DAG: Argo's validation takes time that grows with the square of it.
const LONGEST: usize = 100;
/// The most tasks of a part.
const PART: usize = 100;

/// The parts that the tasks of a region are lowered in; none where one DAG takes them all.
pub(super) fn parts<'a>(ctx: &Ctx<'_, 'a>, tasks: &[&'a Task]) -> Option<Vec<Vec<&'a Task>>> {
    // A branch is several of Argo's tasks.
    let size = |task: &Task| task.regions().len().max(1);
    let whole: usize = tasks.iter().map(|task| size(task)).sum();
    if whole <= MOST && longest_chain(ctx, tasks) <= LONGEST {
        return None;
    }
    let index: BTreeMap<&TaskId, usize> =
        tasks.iter().enumerate().map(|(idx, task)| (&task.id, idx)).collect();
    let (mut edges, mut joined) = (Vec::new(), Vec::new());
    for (idx, task) in tasks.iter().enumerate() {
        for before in &ctx.checked.node(&task.id).dependencies {
            let Some(&from) = index.get(*before) else { continue };
            edges.push((from, idx));
            if !may_cut(ctx, task, before) {
                // Both ways: they become one cluster.
                joined.push((idx, from));
            }
        }
    }
    let groups = dag::groups(tasks.len(), &edges);
    edges.extend(joined);
    let mut by_group: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
    for cluster in dag::clusters(tasks.len(), &edges) {
        by_group.entry(groups[cluster[0]]).or_default().push(cluster);
    }
    let packed = pack(by_group.into_values());
    Some(packed.into_iter().map(|part| part.into_iter().map(|idx| tasks[idx]).collect()).collect())
}

/// Puts small groups together, and cuts large ones.
fn pack(groups: impl Iterator<Item = Vec<Vec<usize>>>) -> Vec<Vec<usize>> {
    let mut parts = Vec::new();
    let mut small: Vec<usize> = Vec::new();
    for group in groups {
        let size: usize = group.iter().map(Vec::len).sum();
        if size > PART {
            let mut part: Vec<usize> = Vec::new();
            for cluster in group {
                if !part.is_empty() && part.len() + cluster.len() > PART {
                    parts.push(std::mem::take(&mut part));
                }
                part.extend(cluster);
            }
            parts.push(part);
        } else {
            if small.len() + size > PART {
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

/// Whether the task may stand in another part than `before`: it does not run unless that has succeeded.
fn may_cut(ctx: &Ctx<'_, '_>, task: &Task, before: &TaskId) -> bool {
    let reads_empty = || {
        atom::used_by(task, &|_| Vec::new()).iter().any(|atom| match atom {
            Atom::Output(id, output) => id == before && ctx.absence.may_be_empty(ctx.checked, id, output),
            _ => false,
        })
    };
    task.trigger == Trigger::AllSucceeded
        && !ctx.absence.may_skip(ctx.checked, before)
        && !may_go_untaken(ctx.checked, before)
        && !reads_empty()
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

/// The DAG template of a region in parts, followed by those of the parts and of all regions in it.
pub(super) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    region: &'a Region,
    scope: &Scope,
    role: Role,
    parts: &[Vec<&'a Task>],
) -> Vec<Template> {
    let part_of: BTreeMap<&TaskId, usize> = parts
        .iter()
        .enumerate()
        .flat_map(|(idx, tasks)| tasks.iter().map(move |task| (&task.id, idx)))
        .collect();
    let used: Vec<BTreeSet<Atom>> = parts.iter().map(|tasks| ctx.used_by_all(tasks)).collect();
    let mut yielded = BTreeSet::new();
    for expression in region.yields.values() {
        atom::collect_expression(expression, &mut yielded);
    }
    let mut outer = scope.clone();
    let mut lowered = Lowered::default();
    for (idx, tasks) in parts.iter().enumerate() {
        let template = ctx.template_name(&format!("{name}-part-{}", idx + 1));
        let part_name = part_name(idx);
        let others = used.iter().enumerate().filter(|(other, _)| *other != idx).map(|(_, used)| used);
        let mut exported = BTreeSet::new();
        for atom in others.chain([&yielded]).flatten() {
            if matches!(atom, Atom::Output(task, _) if part_of.get(task) == Some(&idx)) {
                exported.insert(atom.clone());
            }
        }
        let inside = tasks.iter().flat_map(|task| atom::tasks_of(task)).collect();
        let part_scope = Scope::of(&inside, used[idx].clone());
        lowered.tasks.push(call(ctx, &outer, &part_scope, tasks, &part_of, (idx, &template)));
        for atom in &exported {
            outer.relocate(atom.clone(), &part_name, names::parameter(atom));
        }
        lowered.templates.extend(part(ctx, template, tasks, &part_scope, &exported));
    }
    let inputs = Inputs { parameters: scope.declarations(), artifacts: Vec::new() };
    let mut template = region::dag(name, inputs, lowered.tasks);
    template.outputs.parameters = yields::outputs(ctx, &outer, region, role);
    lowered.templates.insert(0, template);
    lowered.templates
}

fn part_name(idx: usize) -> String {
    format!("part-{}", idx + 1)
}

/// The task that calls a part.
fn call(
    ctx: &Ctx<'_, '_>,
    outer: &Scope,
    part: &Scope,
    tasks: &[&Task],
    part_of: &BTreeMap<&TaskId, usize>,
    (idx, template): (usize, &str),
) -> DagTask {
    let printer = Printer { ctx, scope: outer, reader: Reader::End };
    let parameter = |(atom, name): (&Atom, &str)| Parameter::with_value(name, printer.handed_on(atom));
    let before: BTreeSet<usize> = tasks
        .iter()
        .flat_map(|task| &ctx.checked.node(&task.id).dependencies)
        .filter_map(|id| part_of.get(*id).copied())
        .filter(|other| *other != idx)
        .collect();
    let depends: Vec<String> =
        before.into_iter().map(|idx| format!("{}.Succeeded", part_name(idx))).collect();
    DagTask {
        name: part_name(idx),
        template: template.to_owned(),
        depends: (!depends.is_empty()).then(|| depends.join(" && ")),
        arguments: Arguments { parameters: part.inputs().map(parameter).collect() },
        ..DagTask::default()
    }
}

/// The template of a part, followed by those of the regions in it.
fn part<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    tasks: &[&'a Task],
    scope: &Scope,
    exported: &BTreeSet<Atom>,
) -> Vec<Template> {
    let outer = ctx.only_these(tasks);
    let mut templates = region::lower_tasks(ctx, name, tasks, scope);
    ctx.these_again(outer);
    let printer = Printer { ctx, scope, reader: Reader::End };
    let output = |atom: &Atom| match atom {
        Atom::Output(task, output) => {
            let reference = OutputReference { task: task.clone(), output: output.clone() };
            let value = Expression::Reference(Reference::Output(reference));
            Some(Parameter::from_source(names::parameter(atom), yields::called(&printer, &value)))
        }
        _ => None,
    };
    templates[0].outputs.parameters = exported.iter().filter_map(output).collect();
    templates
}
