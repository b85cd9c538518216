//! Branches become one task for each arm, with a condition.

use kfp_model::{Branch, Condition, Region, Task};

use super::ctx::Ctx;
use super::expression::Printer;
use super::scope::Scope;
use super::{names, region};
use crate::argo::{Arguments, DagTask, Parameter, Template};

/// The tasks that call the arms, and the templates of the arms.
///
/// Each arm carries the negation of what comes before it, as Argo asks each condition by itself.
pub(super) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    branch: &'a Branch,
) -> (Vec<DagTask>, Vec<Template>) {
    let depends = region::depends(ctx, task);
    let names = arm_names(task, branch);
    let regions: Vec<&'a Region> =
        branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect();
    let mut tasks = Vec::new();
    let mut templates = Vec::new();
    for (idx, (name, inner)) in names.iter().zip(regions).enumerate() {
        let template = ctx.template_name(&path(task, name));
        let inner_scope = Scope::of(inner);
        let printer = Printer { ctx, scope };
        let parameter = |(atom, name): (_, &str)| Parameter::with_value(name, printer.source(atom).tag());
        tasks.push(DagTask {
            name: name.clone(),
            template: template.clone(),
            depends: depends.clone(),
            when: Some(format!("{{{{={}}}}}", printer.condition(&guard(branch, idx)))),
            arguments: Arguments { parameters: inner_scope.inputs().map(parameter).collect() },
        });
        templates.extend(region::lower(ctx, template, inner, &inner_scope));
    }
    (tasks, templates)
}

/// The names of the tasks that call the arms; the last one is that of `otherwise`, where there is one.
pub(super) fn arm_names(task: &Task, branch: &Branch) -> Vec<String> {
    let arms = branch.arms.iter().map(|arm| names::task(&arm.name));
    let otherwise = branch.otherwise.iter().map(|_| format!("{}-otherwise", names::task(&task.name)));
    arms.chain(otherwise).collect()
}

/// An arm's template has the path of the branch's region in its name.
fn path(task: &Task, name: &str) -> String {
    match task.id.0.rsplit_once('.') {
        Some((region, _)) => format!("{region}-{name}"),
        None => name.to_owned(),
    }
}

/// The whole condition of the arm: its own, and that none before it holds.
fn guard(branch: &Branch, idx: usize) -> Condition {
    let before = branch.arms[..idx].iter().map(|arm| Condition::Not(Box::new(arm.condition.clone())));
    let own = branch.arms.get(idx).map(|arm| arm.condition.clone());
    let mut conditions: Vec<Condition> = before.chain(own).collect();
    if conditions.len() == 1 { conditions.remove(0) } else { Condition::And(conditions) }
}
