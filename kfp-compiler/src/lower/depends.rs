//! What a task waits for, and what else must be true for it to run.
//!
//! Argo starts a task when its `depends` is true, and omits it when that can no longer happen. A task that can do
//! without the values of a skipped task runs after it all the same, but not after one that was omitted because
//! something failed. The two look alike in Argo, so the expression also names the tasks before an omitted one, each
//! once: none of them may have failed.

use std::collections::BTreeSet;

use kfp_model::{Task, TaskId, TaskKind, Trigger};

use super::ctx::Ctx;
use super::{branch, guard};
use crate::check::{may_run_no_arm, yields};

/// Argo's `depends` of a task.
pub(super) fn depends(ctx: &Ctx<'_, '_>, task: &Task) -> Option<String> {
    let (mut terms, mut seen) = (Vec::new(), BTreeSet::new());
    for id in ctx.waits_for(&task.id) {
        match task.trigger {
            Trigger::AllDone => terms.push(done(ctx, id)),
            Trigger::AllSucceeded if ctx.checked.may_skip(id) && !ctx.checked.needs(task, id) => {
                unbroken(ctx, id, &mut seen, &mut terms);
            }
            Trigger::AllSucceeded => terms.push(succeeded(ctx, id)),
        }
    }
    (!terms.is_empty()).then(|| terms.join(" && "))
}

/// What else must be true: branches that the task comes after ran one of their arms.
pub(super) fn conditions(ctx: &Ctx<'_, '_>, task: &Task) -> Vec<String> {
    if task.trigger == Trigger::AllDone {
        return Vec::new();
    }
    let before = task.after.iter().filter(|id| may_run_no_arm(ctx.checked.node(id).task));
    let taken =
        |id| format!("tasks['{}'].outputs.parameters['{}'] == 'true'", ctx.task_name(id), branch::TAKEN);
    before.map(taken).collect()
}

/// The names of Argo's tasks that the task consists of.
fn parts(ctx: &Ctx<'_, '_>, id: &TaskId) -> Vec<String> {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        TaskKind::Branch(branch) if !yields(branch) => branch::arm_names(task, branch),
        _ => vec![ctx.task_name(id)],
    }
}

/// The task has run, and nothing in it has failed. After a call that continues, a failure will do.
fn succeeded(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        // A branch without values is several of Argo's tasks, of which one runs and the others are skipped.
        TaskKind::Branch(branch) if !yields(branch) => {
            let names = parts(ctx, id);
            if ctx.checked.may_skip(id) {
                any(names.iter().map(|name| format!("{name}.Succeeded")))
            } else {
                all(names.iter().map(|name| ended(name, &["Succeeded", "Skipped"])))
            }
        }
        // A guard has succeeded when its exit has as well.
        TaskKind::Guard(_) => {
            let name = ctx.task_name(id);
            format!("{name}.Succeeded && {}.Succeeded", guard::exit_name(&name))
        }
        _ => ended(&ctx.task_name(id), well(task)),
    }
}

/// The results of a task that has run and that does not stop what comes after it.
fn well(task: &Task) -> &'static [&'static str] {
    if task.continues_on_failure() { &["Succeeded", "Failed", "Errored"] } else { &["Succeeded"] }
}

/// Adds terms that are true when the task has succeeded, or was skipped while nothing before it has failed. Each
/// task is named once, however many ways lead to it.
fn unbroken<'a>(ctx: &Ctx<'_, 'a>, id: &'a TaskId, seen: &mut BTreeSet<&'a TaskId>, terms: &mut Vec<String>) {
    if !seen.insert(id) {
        return;
    }
    if !ctx.checked.may_skip(id) {
        terms.push(succeeded(ctx, id));
        return;
    }
    let task = ctx.checked.node(id).task;
    let is_omitted = may_be_omitted(ctx, task);
    let omitted = ["Omitted"].into_iter().filter(|_| is_omitted);
    let ends: Vec<&str> = well(task).iter().copied().chain(["Skipped"]).chain(omitted).collect();
    terms.extend(parts(ctx, id).iter().map(|name| ended(name, &ends)));
    if let TaskKind::Guard(_) = &task.kind {
        // The exit does not run where the body did not.
        terms.push(ended(&guard::exit_name(&ctx.task_name(id)), &["Succeeded", "Omitted"]));
    }
    if is_omitted {
        for before in ctx.waits_for(id) {
            unbroken(ctx, before, seen, terms);
        }
    }
}

/// Whether Argo omits the task where something before it was skipped. Otherwise it omits it after a failure only.
fn may_be_omitted(ctx: &Ctx<'_, '_>, task: &Task) -> bool {
    let stops = |id: &&TaskId| ctx.checked.may_skip(id) && ctx.checked.needs(task, id);
    task.trigger == Trigger::AllSucceeded && ctx.waits_for(&task.id).iter().any(stops)
}

/// The task has ended in whatever way, or will never start.
fn done(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    let mut names = parts(ctx, id);
    if let TaskKind::Guard(_) = &ctx.checked.node(id).task.kind {
        names.push(guard::exit_name(&ctx.task_name(id)));
    }
    all(names.iter().map(|name| ended(name, &["Succeeded", "Failed", "Errored", "Skipped", "Omitted"])))
}

/// The task has ended in one of these ways.
fn ended(name: &str, ways: &[&str]) -> String {
    any(ways.iter().map(|way| format!("{name}.{way}")))
}

fn any(terms: impl Iterator<Item = String>) -> String {
    join(terms, " || ")
}

fn all(terms: impl Iterator<Item = String>) -> String {
    join(terms, " && ")
}

fn join(terms: impl Iterator<Item = String>, operator: &str) -> String {
    let terms: Vec<String> = terms.collect();
    if terms.len() == 1 { terms.concat() } else { format!("({})", terms.join(operator)) }
}
