//! What a task waits for, and what else must be true for it to run.
//!
//! Argo starts a task when its `depends` is true, and omits it when that can no longer happen. A task that can do
//! without the values of a skipped task runs after it all the same, but not after one that was omitted because
//! something failed. The two look alike in Argo, so the expression also names the tasks before an omitted one, each
//! once: none of them may have failed.

use std::collections::BTreeSet;

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::expression::Expression;
use kfp_model::{Task, TaskId, TaskKind, Trigger};

use crate::check::{may_run_no_arm, yields};
use crate::lower::build::ctx::Ctx;
use crate::lower::build::scope::Scope;
use crate::lower::build::task_names;
use crate::lower::plan::terms;

/// Every way in which a task may end that is not a daemon.
const ANY_END: [Outcome; 5] =
    [Outcome::Succeeded, Outcome::Failed, Outcome::Errored, Outcome::Skipped, Outcome::Omitted];

/// Argo's `depends` of a task.
pub(in crate::lower) fn depends(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task) -> Option<Depends> {
    let (mut terms, mut seen) = (Vec::new(), BTreeSet::new());
    for id in scope.waits_for(ctx.checked, &task.id) {
        match task.trigger {
            Trigger::AllDone => terms.extend(done(ctx, id)),
            Trigger::AllSucceeded if ctx.checked.may_skip(id) && !ctx.checked.needs(task, id) => {
                unbroken(ctx, scope, id, &mut seen, &mut terms);
            }
            Trigger::AllSucceeded => terms.extend(succeeded(ctx, id)),
        }
    }
    Depends::all(terms)
}

/// What else must be true: branches that the task comes after ran one of their arms.
pub(in crate::lower) fn conditions(ctx: &Ctx<'_, '_>, task: &Task) -> Vec<Expression> {
    if task.trigger == Trigger::AllDone {
        return Vec::new();
    }
    let before = task.after.iter().filter(|id| may_run_no_arm(ctx.checked.node(id).task));
    before.map(|id| terms::output(&ctx.task_name(id), task_names::TAKEN).equal("true".into())).collect()
}

/// The names of Argo's tasks that the task consists of.
fn parts(ctx: &Ctx<'_, '_>, id: &TaskId) -> Vec<String> {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        TaskKind::Branch(branch) if !yields(branch) => task_names::arms(task, branch),
        _ => vec![ctx.task_name(id)],
    }
}

/// The task has run, and nothing in it has failed. After a call that continues, a failure will do.
fn succeeded(ctx: &Ctx<'_, '_>, id: &TaskId) -> Option<Depends> {
    let task = ctx.checked.node(id).task;
    let ended = |name: &String, outcome| Depends::ended(name, Some(outcome));
    match &task.kind {
        // A branch without values is several of Argo's tasks, of which one runs and the others are skipped.
        TaskKind::Branch(branch) if !yields(branch) => {
            let names = parts(ctx, id);
            if ctx.checked.may_skip(id) {
                Depends::any(names.iter().map(|name| ended(name, Outcome::Succeeded)))
            } else {
                let ends = [Outcome::Succeeded, Outcome::Skipped];
                Depends::all(names.iter().filter_map(|name| Depends::ended_as(name, ends)))
            }
        }
        // A guard has succeeded when its exit has as well.
        TaskKind::ExitHandler(_) => {
            let name = ctx.task_name(id);
            let names = [task_names::exit(&name), name];
            Depends::all(names.iter().rev().map(|name| ended(name, Outcome::Succeeded)))
        }
        _ => Depends::ended_as(&ctx.task_name(id), well(task).iter().copied()),
    }
}

/// The results of a task that has run and that does not stop what comes after it.
fn well(task: &Task) -> &'static [Outcome] {
    if task.continues_on_failure() {
        &[Outcome::Succeeded, Outcome::Failed, Outcome::Errored]
    } else {
        &[Outcome::Succeeded]
    }
}

/// Adds terms that are true when the task has succeeded, or was skipped while nothing before it has failed. Each
/// task is named once, however many ways lead to it.
fn unbroken<'a>(
    ctx: &Ctx<'_, 'a>,
    scope: &Scope,
    id: &'a TaskId,
    seen: &mut BTreeSet<&'a TaskId>,
    terms: &mut Vec<Depends>,
) {
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        if !ctx.checked.may_skip(id) {
            terms.extend(succeeded(ctx, id));
            continue;
        }
        let task = ctx.checked.node(id).task;
        let is_omitted = may_be_omitted(ctx, scope, task);
        let omitted = [Outcome::Omitted].into_iter().filter(|_| is_omitted);
        let ends: Vec<Outcome> =
            well(task).iter().copied().chain([Outcome::Skipped]).chain(omitted).collect();
        terms.extend(parts(ctx, id).iter().filter_map(|name| Depends::ended_as(name, ends.iter().copied())));
        if let TaskKind::ExitHandler(_) = &task.kind {
            // The exit does not run where the body did not.
            let exit = task_names::exit(&ctx.task_name(id));
            terms.extend(Depends::ended_as(&exit, [Outcome::Succeeded, Outcome::Omitted]));
        }
        if is_omitted {
            open.extend(scope.waits_for(ctx.checked, id).into_iter().rev());
        }
    }
}

/// Whether Argo omits the task where something before it was skipped. Otherwise it omits it after a failure only.
fn may_be_omitted(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task) -> bool {
    let stops = |id: &&TaskId| ctx.checked.may_skip(id) && ctx.checked.needs(task, id);
    task.trigger == Trigger::AllSucceeded && scope.waits_for(ctx.checked, &task.id).iter().any(stops)
}

/// The task has ended in whatever way, or will never start.
fn done(ctx: &Ctx<'_, '_>, id: &TaskId) -> Option<Depends> {
    let mut names = parts(ctx, id);
    if let TaskKind::ExitHandler(_) = &ctx.checked.node(id).task.kind {
        names.push(task_names::exit(&ctx.task_name(id)));
    }
    Depends::all(names.iter().filter_map(|name| Depends::ended_as(name, ANY_END)))
}
