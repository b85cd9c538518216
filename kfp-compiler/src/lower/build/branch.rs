//! Lowers branches to one task for each arm, with a condition.
//!
//! If a branch yields values, its tasks are in a separate DAG template, whose outputs are those of the arm that ran.

use kfp_argo::depends::Depends;
use kfp_argo::expression::Expression;
use kfp_model::{Branch, Condition, Region, Task};

use crate::check::yields;
use crate::dag_names;
use crate::lower::build::call;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::depends;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::lowered::{Below, Inner, Lowered};
use crate::lower::build::scope::Scope;
use crate::lower::plan::terms;
use crate::lower::plan::{self, Argument};

/// The name of the `otherwise` arm in paths.
const OTHERWISE: &str = "otherwise";

/// Returns the tasks of a branch, with the templates of its arms.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    branch: &'a Branch,
) -> Lowered<'a> {
    if !yields(branch) {
        let depends = depends::depends(ctx, scope, task);
        let conditions = depends::conditions(ctx, task);
        let path = format!("{}/", task.name);
        return arms(ctx, scope, task, branch, &Before { depends, conditions, path });
    }
    let inner = ctx.scope_of_task(task);
    let template = ctx.template_name(&ctx.path(task, &task.name));
    let call = call::of_template(ctx, scope, task, &template, &inner);
    let mut lowered = arms(ctx, &inner, task, branch, &Before::default());
    let inputs = inner.declarations();
    let mut wrapper = plan::Template::graph(template, inputs, std::mem::take(&mut lowered.tasks));
    wrapper.outputs = outputs(task, branch);
    ctx.make_global(&task.id, &mut wrapper);
    lowered.below.insert(0, Below::Template(wrapper));
    lowered.tasks = vec![call];
    lowered
}

/// What the arms depend on.
#[derive(Default)]
struct Before {
    depends: Option<Depends>,
    conditions: Vec<Expression>,
    /// The prefix of the arms in the paths of failures, if the branch has no template.
    path: String,
}

/// Returns the tasks that call the arms, and the templates of the arms.
///
/// The condition of each arm includes the negated conditions of the arms before it, because Argo evaluates each
/// condition independently.
fn arms<'a>(
    ctx: &mut Ctx<'_, 'a>,
    scope: &Scope,
    task: &'a Task,
    branch: &'a Branch,
    before: &Before,
) -> Lowered<'a> {
    let names = dag_names::arms(task, branch);
    let regions: Vec<&'a Region> =
        branch.arms.iter().map(|arm| &arm.region).chain(&branch.otherwise).collect();
    let mut lowered = Lowered::default();
    for (idx, (name, inner)) in names.iter().zip(regions).enumerate() {
        let template = ctx.template_name(&ctx.path(task, name));
        let inner_scope = ctx.scope_of(inner);
        let printer = Printer { ctx, scope, reader: Reader::Task(task) };
        let parameter = |(captured, name): (_, &str)| Argument::new(name, printer.reading(captured).text());
        let own = printer.condition(&full_condition(branch, idx));
        let conditions = before.conditions.iter().cloned().chain([own]);
        lowered.tasks.push(plan::Task {
            name: name.clone(),
            calls: template.clone(),
            depends: before.depends.clone(),
            when: Expression::all(conditions),
            arguments: inner_scope.inputs().map(parameter).collect(),
            origin: Some(format!(
                "{}{}",
                before.path,
                branch.arms.get(idx).map_or(OTHERWISE, |arm| &arm.name)
            )),
            ..plan::Task::default()
        });
        lowered.below.push(Inner::called(template, inner, inner_scope));
    }
    lowered
}

/// Returns the full condition of an arm: its own, and the negated conditions of the arms before it.
fn full_condition(branch: &Branch, idx: usize) -> Condition {
    let before = branch.arms[..idx].iter().map(|arm| Condition::Not(Box::new(arm.condition.clone())));
    let own = branch.arms.get(idx).map(|arm| arm.condition.clone());
    let mut conditions: Vec<Condition> = before.chain(own).collect();
    if conditions.len() == 1 { conditions.remove(0) } else { Condition::And(conditions) }
}

/// Returns the outputs of the branch: the values of the arm that ran, or `null` if no arm ran.
fn outputs(task: &Task, branch: &Branch) -> Vec<plan::Output> {
    let names = dag_names::arms(task, branch);
    let Some(first) = branch.arms.first() else { return Vec::new() };
    let value = |output: &String| {
        let (last, arms) = match (&branch.otherwise, names.split_last()) {
            (Some(_), Some((last, arms))) => (terms::output(last, output), arms),
            _ => ("null".into(), names.as_slice()),
        };
        let expression = arms
            .iter()
            .rev()
            .fold(last, |rest, name| terms::succeeded(name).then_else(terms::output(name, output), rest));
        plan::Output::new(output, plan::Source::from(expression))
    };
    let mut outputs: Vec<plan::Output> = first.region.yields.keys().map(value).collect();
    if branch.otherwise.is_none()
        && let Some(any) = Expression::any(names.iter().map(|name| terms::succeeded(name)))
    {
        let taken = any.then_else("true".into(), "false".into());
        outputs.push(plan::Output::new(depends::TAKEN, plan::Source::from(taken)));
    }
    outputs
}
