//! What a task waits for, and what else must hold for it to run.
//!
//! Argo starts a task when its `depends` holds, and omits it when that can no longer be. A task that can do
//! without the values of one that was skipped runs after it all the same, but not after one that was omitted
//! because something failed: the two look alike in Argo, so the expression looks further back.

use kfp_model::{Reference, Task, TaskId, TaskKind, Trigger};

use super::atom::Atom;
use super::ctx::Ctx;
use super::expression::Printer;
use super::{absence, branch, guard};
use crate::check::missing;

/// Argo's `depends` of a task.
pub(super) fn depends(ctx: &Ctx<'_, '_>, task: &Task) -> Option<String> {
    let terms: Vec<String> = ctx
        .waits_for(&task.id)
        .into_iter()
        .map(|id| match task.trigger {
            Trigger::AllDone => done(ctx, id),
            Trigger::AllSucceeded
                if ctx.absence.may_skip(ctx.checked, id) && !ctx.absence.needs(ctx.checked, task, id) =>
            {
                settled(ctx, id)
            }
            Trigger::AllSucceeded => succeeded(ctx, id),
        })
        .collect();
    (!terms.is_empty()).then(|| terms.join(" && "))
}

/// What else must hold: values that the task needs are there, and branches that it comes after ran.
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

/// A branch without values consists of several of Argo's tasks, and has succeeded when one of them has; a
/// guard has succeeded when its exit has as well. After a call that continues, a failure will do.
fn succeeded(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    let task = ctx.checked.node(id).task;
    if task.continues_on_failure() {
        let name = ctx.task_name(id);
        return any(["Succeeded", "Failed", "Errored"].into_iter().map(|end| format!("{name}.{end}")));
    }
    if let TaskKind::Guard(_) = &task.kind {
        let name = ctx.task_name(id);
        return format!("{name}.Succeeded && {}.Succeeded", guard::exit_name(&name));
    }
    any(parts(ctx, id).iter().map(|name| format!("{name}.Succeeded")))
}

/// The task has succeeded, or it was skipped while nothing has failed.
fn settled(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    if ctx.absence.may_skip(ctx.checked, id) {
        any(std::iter::once(succeeded(ctx, id)).chain(skipped(ctx, id)))
    } else {
        succeeded(ctx, id)
    }
}

/// The task was skipped, by a condition of its own or because something before it was: the ways in which that
/// can be.
fn skipped(ctx: &Ctx<'_, '_>, id: &TaskId) -> Vec<String> {
    let before: Vec<String> = ctx.checked.node(id).dependencies.iter().map(|id| settled(ctx, id)).collect();
    let ways = |name: &String| {
        let omitted = std::iter::once(format!("{name}.Omitted")).chain(before.iter().cloned());
        [format!("{name}.Skipped"), all(omitted)]
    };
    match parts(ctx, id).as_slice() {
        [name] => ways(name).to_vec(),
        names => vec![all(names.iter().map(|name| any(ways(name).into_iter())))],
    }
}

/// The task has ended in whatever way, or will never start.
fn done(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    let mut names = parts(ctx, id);
    if let TaskKind::Guard(_) = &ctx.checked.node(id).task.kind {
        names.push(guard::exit_name(&ctx.task_name(id)));
    }
    let ends = ["Succeeded", "Failed", "Errored", "Skipped", "Omitted"];
    all(names.iter().map(|name| any(ends.iter().map(|end| format!("{name}.{end}")))))
}

fn any(terms: impl Iterator<Item = String>) -> String {
    join(terms, " || ")
}

fn all(terms: impl Iterator<Item = String>) -> String {
    join(terms, " && ")
}

fn join(terms: impl Iterator<Item = String>, sign: &str) -> String {
    let terms: Vec<String> = terms.collect();
    if terms.len() == 1 { terms.concat() } else { format!("({})", terms.join(sign)) }
}
