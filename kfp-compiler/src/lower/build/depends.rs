//! Lowers the dependencies and triggers of a task.
//!
//! Argo starts a task when its `depends` is true, and omits it when that can no longer happen. A task that does not
//! require the values of a skipped task still runs after it, but not after a task that was omitted because of a
//! failure. In Argo, both are omitted, so the expression also contains the tasks before an omitted one, each once: none
//! of them may have failed.

use std::collections::BTreeSet;

use kfp_argo::depends::{Depends, Outcome};
use kfp_argo::expression::Expression;
use kfp_model::{Task, TaskId, TaskKind, Trigger};

use crate::check::{may_run_no_arm, yields};
use crate::dag_names;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::scope::Scope;
use crate::lower::plan::terms;

/// The output of a branch's template that contains whether any arm ran.
pub(in crate::lower) const TAKEN: &str = "kfp-taken";

/// All outcomes of a task, except for those of daemons.
const ANY_END: [Outcome; 5] =
    [Outcome::Succeeded, Outcome::Failed, Outcome::Errored, Outcome::Skipped, Outcome::Omitted];

/// Returns the `depends` of a task.
pub(in crate::lower) fn depends(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task) -> Option<Depends> {
    let (mut terms, mut seen) = (Vec::new(), BTreeSet::new());
    for id in scope.dependencies(ctx.checked, &task.id) {
        match task.trigger {
            Trigger::AllDone => terms.extend(done(ctx, id)),
            Trigger::AllSucceeded if ctx.checked.may_skip(id) && !ctx.checked.needs(task, id) => {
                not_failed(ctx, scope, id, &mut seen, &mut terms);
            }
            Trigger::AllSucceeded => terms.extend(succeeded(ctx, id)),
        }
    }
    Depends::all(terms)
}

/// Returns additional conditions of a task: the branches in `after` ran one of their arms.
pub(in crate::lower) fn conditions(ctx: &Ctx<'_, '_>, task: &Task) -> Vec<Expression> {
    if task.trigger == Trigger::AllDone {
        return Vec::new();
    }
    let before: BTreeSet<&TaskId> = task.after.iter().collect();
    let before = before.into_iter().filter(|id| may_run_no_arm(ctx.checked.node(id).task));
    before.map(|id| terms::output(&ctx.task_name(id), TAKEN).equal("true".into())).collect()
}

/// Returns the names of the DAG tasks that the task is lowered to.
fn parts(ctx: &Ctx<'_, '_>, id: &TaskId) -> Vec<String> {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        TaskKind::Branch(branch) if !yields(branch) => dag_names::arms(task, branch),
        _ => vec![ctx.task_name(id)],
    }
}

/// Returns the condition that the task ran and did not fail. A call with `continue_on_failure` may have failed.
fn succeeded(ctx: &Ctx<'_, '_>, id: &TaskId) -> Option<Depends> {
    let task = ctx.checked.node(id).task;
    let ended = |name: &String, outcome| Depends::ended(name, Some(outcome));
    match &task.kind {
        // A branch without values is lowered to several DAG tasks, of which one runs and the others are skipped.
        TaskKind::Branch(branch) if !yields(branch) => {
            let names = parts(ctx, id);
            if ctx.checked.may_skip(id) {
                Depends::any(names.iter().map(|name| ended(name, Outcome::Succeeded)))
            } else {
                let ends = [Outcome::Succeeded, Outcome::Skipped];
                Depends::all(names.iter().filter_map(|name| Depends::ended_as(name, ends)))
            }
        }
        // An exit handler succeeds if both its body and its exit task succeed.
        TaskKind::ExitHandler(_) => {
            let names = [ctx.task_name(id), dag_names::exit(&task.name)];
            Depends::all(names.iter().map(|name| ended(name, Outcome::Succeeded)))
        }
        _ => Depends::ended_as(&ctx.task_name(id), accepted_outcomes(task).iter().copied()),
    }
}

/// Returns the outcomes of a task after which its dependents run.
fn accepted_outcomes(task: &Task) -> &'static [Outcome] {
    if task.continues_on_failure() {
        &[Outcome::Succeeded, Outcome::Failed, Outcome::Errored]
    } else {
        &[Outcome::Succeeded]
    }
}

/// Adds terms that are true if the task succeeded, or if it was skipped and nothing before it failed. Each task is
/// added only once.
fn not_failed<'a>(
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
            accepted_outcomes(task).iter().copied().chain([Outcome::Skipped]).chain(omitted).collect();
        terms.extend(parts(ctx, id).iter().filter_map(|name| Depends::ended_as(name, ends.iter().copied())));
        if let TaskKind::ExitHandler(_) = &task.kind {
            // The exit task does not run if the body did not run.
            let exit = dag_names::exit(&task.name);
            terms.extend(Depends::ended_as(&exit, [Outcome::Succeeded, Outcome::Omitted]));
        }
        if is_omitted {
            open.extend(scope.dependencies(ctx.checked, id).into_iter().rev());
        }
    }
}

/// Whether Argo may omit the task because a dependency was skipped, and not only after a failure.
fn may_be_omitted(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task) -> bool {
    let stops = |id: &&TaskId| ctx.checked.may_skip(id) && ctx.checked.needs(task, id);
    task.trigger == Trigger::AllSucceeded && scope.dependencies(ctx.checked, &task.id).iter().any(stops)
}

/// Returns the condition that the task has ended in any way, or will never start.
fn done(ctx: &Ctx<'_, '_>, id: &TaskId) -> Option<Depends> {
    let mut names = parts(ctx, id);
    let task = ctx.checked.node(id).task;
    if let TaskKind::ExitHandler(_) = &task.kind {
        names.push(dag_names::exit(&task.name));
    }
    Depends::all(names.iter().filter_map(|name| Depends::ended_as(name, ANY_END)))
}
