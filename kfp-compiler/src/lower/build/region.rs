//! Regions become DAG templates.

use kfp_model::{Region, Task, TaskKind, Trigger};

use crate::lower::analyse::order;
use crate::lower::build::approval;
use crate::lower::build::branch;
use crate::lower::build::call;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::depends;
use crate::lower::build::exit_handler;
use crate::lower::build::expression::{Printer, Reader};
use crate::lower::build::for_each;
use crate::lower::build::import;
use crate::lower::build::pipeline;
use crate::lower::build::scope::Scope;
use crate::lower::build::split;
use crate::lower::build::yields::{self, Role};
use crate::lower::plan::{self, Argument};

/// What a task of a pipeline becomes.
#[derive(Default)]
pub(in crate::lower) struct Lowered {
    /// Tasks of the DAG template around.
    pub(in crate::lower) tasks: Vec<plan::Task>,
    /// Templates that they call and that nothing else does.
    pub(in crate::lower) templates: Vec<plan::Template>,
}

/// The DAG template of a region, followed by the templates of the regions in it.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    region: &'a Region,
    scope: &Scope,
    role: Role,
) -> Vec<plan::Template> {
    let tasks = order::tasks(ctx.checked, region);
    if let Some(parts) = split::parts(ctx, &tasks) {
        return split::lower(ctx, name, region, scope, role, &parts);
    }
    let mut templates = lower_tasks(ctx, name, &tasks, scope);
    templates[0].outputs = yields::outputs(ctx, scope, region, role);
    templates
}

/// The DAG template of some tasks, without outputs, followed by the templates of the regions in them.
pub(in crate::lower) fn lower_tasks<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    tasks: &[&'a Task],
    scope: &Scope,
) -> Vec<plan::Template> {
    let mut whole = Lowered::default();
    for task in tasks {
        let lowered = lower_task(ctx, scope, task);
        whole.tasks.extend(lowered.tasks);
        whole.templates.extend(lowered.templates);
    }
    if whole.tasks.is_empty() {
        whole.tasks.push(ctx.nothing());
    }
    let inputs = scope.declarations();
    let mut template = plan::Template::graph(name, inputs, whole.tasks);
    if let Some(graph) = template.graph_mut() {
        graph.every_task_decides = tasks.iter().any(|task| goes_on_after_failures(task));
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
        TaskKind::Loop(inner) => for_each::lower(ctx, scope, task, inner),
        TaskKind::Guard(inner) => exit_handler::lower(ctx, scope, task, inner),
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
pub(in crate::lower) fn call(
    ctx: &Ctx<'_, '_>,
    scope: &Scope,
    task: &Task,
    template: &str,
    inner: &Scope,
) -> plan::Task {
    let printer = Printer { ctx, scope, reader: Reader::Task(task) };
    let parameter = |(atom, name): (_, &str)| Argument::new(name, printer.reading(atom).text());
    plan::Task {
        name: ctx.task_name(&task.id),
        calls: template.to_owned(),
        depends: depends::depends(ctx, task),
        arguments: inner.inputs().map(parameter).collect(),
        origin: Some(task.name.clone()),
        ..plan::Task::default()
    }
}
