//! Regions become DAG templates.

use kfp_model::{Region, Task, TaskKind, Trigger};

use super::ctx::Ctx;
use super::expression::{Printer, Reader};
use super::scope::Scope;
use super::yields::{self, Role};
use super::{approval, branch, call, depends, guard, import, order, pipeline, repeat, split};
use kfp_argo::{Arguments, Dag, DagTask, Inputs, Parameter, Template};

/// What a task of a pipeline becomes.
#[derive(Default)]
pub(super) struct Lowered {
    /// Tasks of the DAG template around.
    pub(super) tasks: Vec<DagTask>,
    /// Templates that they call and that nothing else does.
    pub(super) templates: Vec<Template>,
}

/// The DAG template of a region, followed by the templates of the regions in it.
pub(super) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    region: &'a Region,
    scope: &Scope,
    role: Role,
) -> Vec<Template> {
    let tasks = order::tasks(ctx.checked, region);
    if let Some(parts) = split::parts(ctx, &tasks) {
        return split::lower(ctx, name, region, scope, role, &parts);
    }
    let mut templates = lower_tasks(ctx, name, &tasks, scope);
    templates[0].outputs.parameters = yields::outputs(ctx, scope, region, role);
    templates
}

/// The DAG template of some tasks, without outputs, followed by the templates of the regions in them.
pub(super) fn lower_tasks<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    tasks: &[&'a Task],
    scope: &Scope,
) -> Vec<Template> {
    let mut whole = Lowered::default();
    for task in tasks {
        let lowered = lower_task(ctx, scope, task);
        whole.tasks.extend(lowered.tasks);
        whole.templates.extend(lowered.templates);
    }
    if whole.tasks.is_empty() {
        whole.tasks.push(ctx.nothing());
    }
    let inputs = Inputs { parameters: scope.declarations(), artifacts: Vec::new() };
    let mut template = dag(name, inputs, whole.tasks);
    let goes_on = tasks.iter().any(|task| goes_on_after_failures(task));
    if let (Some(dag), true) = (&mut template.dag, goes_on) {
        // Otherwise what runs after a failure would make up for it.
        let names: Vec<&str> = dag.tasks.iter().map(|task| task.name.as_str()).collect();
        dag.target = Some(names.join(" "));
    }
    let mut templates = vec![template];
    templates.extend(whole.templates);
    templates
}

fn lower_task<'a>(ctx: &mut Ctx<'_, 'a>, scope: &Scope, task: &'a Task) -> Lowered {
    match &task.kind {
        TaskKind::Call(called) => {
            let task = match &called.callee {
                kfp_model::Callee::Component(_) => call::lower(ctx, scope, task, called),
                kfp_model::Callee::Pipeline(name) => pipeline::call(ctx, scope, task, called, name),
            };
            Lowered { tasks: vec![task], templates: Vec::new() }
        }
        TaskKind::Branch(inner) => branch::lower(ctx, scope, task, inner),
        TaskKind::Loop(inner) => repeat::lower(ctx, scope, task, inner),
        TaskKind::Guard(inner) => guard::lower(ctx, scope, task, inner),
        TaskKind::Approval(inner) => approval::lower(ctx, scope, task, inner),
        TaskKind::Import(inner) => import::lower(ctx, scope, task, inner),
    }
}

/// Whether the task, or something in its regions, runs although something before it has failed, or lets others do
/// so after itself.
fn goes_on_after_failures(task: &Task) -> bool {
    task.trigger == Trigger::AllDone
        || task.continues_on_failure()
        || matches!(task.kind, TaskKind::Guard(_))
        || task.regions().into_iter().flat_map(|region| &region.tasks).any(goes_on_after_failures)
}

/// The task that calls a template which takes everything in `inner` from the region around.
pub(super) fn call(ctx: &Ctx<'_, '_>, scope: &Scope, task: &Task, template: &str, inner: &Scope) -> DagTask {
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let parameter = |(atom, name): (_, &str)| Parameter::with_value(name, printer.reading(atom).text());
    DagTask {
        name: ctx.task_name(&task.id),
        template: template.to_owned(),
        depends: depends::depends(ctx, task),
        arguments: Arguments { parameters: inner.inputs().map(parameter).collect() },
        path: Some(task.name.clone()),
        ..DagTask::default()
    }
}

/// A template that is a graph.
pub(super) fn dag(name: String, inputs: Inputs, tasks: Vec<DagTask>) -> Template {
    Template { name, inputs, dag: Some(Dag::of(tasks)), ..Template::default() }
}
