//! What a task waits for, and what else must be true for it to run.
//!
//! Argo starts a task when its `depends` is true, and omits it when that can no longer happen. A task that can do
//! without the values of a skipped task runs after it all the same, but not after one that was omitted because
//! something failed. The two look alike in Argo, so the expression also names the tasks before an omitted one, each
//! once: none of them may have failed.

use std::collections::BTreeSet;

use kfp_model::{Reference, Task, TaskId, TaskKind, Trigger};

use super::atom::Atom;
use super::ctx::Ctx;
use super::expression::Printer;
use super::{absence, branch, guard};
use crate::check::missing;

/// Argo's `depends` of a task.
pub(super) fn depends(ctx: &Ctx<'_, '_>, task: &Task) -> Option<String> {
    let (mut terms, mut seen) = (Vec::new(), BTreeSet::new());
    for id in ctx.waits_for(&task.id) {
        match task.trigger {
            Trigger::AllDone => terms.push(done(ctx, id)),
            Trigger::AllSucceeded
                if ctx.absence.may_skip(ctx.checked, id) && !ctx.absence.needs(ctx.checked, task, id) =>
            {
                unbroken(ctx, id, &mut seen, &mut terms);
            }
            Trigger::AllSucceeded => terms.push(succeeded(ctx, id)),
        }
    }
    (!terms.is_empty()).then(|| terms.join(" && "))
}

/// What else must be true: the values that the task needs exist, and branches that it comes after ran.
pub(super) fn conditions(printer: &Printer<'_, '_, '_>, task: &Task) -> Vec<String> {
    if task.trigger == Trigger::AllDone {
        return Vec::new();
    }
    let ctx = printer.ctx;
    let mut conditions: Vec<String> = Vec::new();
    for id in task.after.iter().filter(|id| absence::may_go_untaken(ctx.checked, id)) {
        let taken = format!("tasks['{}'].outputs.parameters['{}']", ctx.task_name(id), branch::TAKEN);
        conditions.push(format!("{taken} == 'true'"));
    }
    for (id, output) in needed_and_maybe_empty(ctx, task) {
        let continues = ctx.checked.node(&id).task.continues_on_failure();
        let (name, value) = (ctx.task_name(&id), printer.source(&Atom::Output(id, output)).expression());
        conditions.push(if continues {
            format!("(tasks['{name}'].status != 'Succeeded' || {value} != '')")
        } else {
            format!("{value} != ''")
        });
    }
    conditions
}

/// The outputs that may be empty and that the task cannot do without.
fn needed_and_maybe_empty(ctx: &Ctx<'_, '_>, task: &Task) -> Vec<(TaskId, String)> {
    let dependencies = &ctx.checked.node(&task.id).dependencies;
    let mut found: Vec<(TaskId, String)> = Vec::new();
    // Each search finds one, so it goes on without those that are known.
    while let Some(Reference::Output(output)) = missing(task, ctx.checked, &|reference| match reference {
        Reference::Output(output) => {
            ctx.absence.may_be_empty(ctx.checked, &output.task, &output.output)
                && dependencies.contains(&&output.task)
                && !found.iter().any(|(task, name)| *task == output.task && *name == output.output)
        }
        _ => false,
    }) {
        found.push((output.task.clone(), output.output.clone()));
    }
    found
}

/// The names of Argo's tasks that the task consists of.
fn parts(ctx: &Ctx<'_, '_>, id: &TaskId) -> Vec<String> {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        TaskKind::Branch(branch) if !absence::yields(branch) => branch::arm_names(task, branch),
        _ => vec![ctx.task_name(id)],
    }
}

/// The task has run, and nothing in it has failed. After a call that continues, a failure will do.
fn succeeded(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        // A branch without values is several of Argo's tasks, of which one runs and the others are skipped.
        TaskKind::Branch(branch) if !absence::yields(branch) => {
            let names = parts(ctx, id);
            if ctx.absence.may_skip(ctx.checked, id) {
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
    if !ctx.absence.may_skip(ctx.checked, id) {
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
    let stops =
        |id: &&TaskId| ctx.absence.may_skip(ctx.checked, id) && ctx.absence.needs(ctx.checked, task, id);
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
