//! Lowers regions to DAG templates.

use kfp_model::{Callee, Region, Task, TaskKind, Trigger};

use crate::lower::analyse::order;
use crate::lower::build::approval;
use crate::lower::build::branch;
use crate::lower::build::call;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::exit_handler;
use crate::lower::build::for_each;
use crate::lower::build::import;
use crate::lower::build::lowered::{Below, Inner, Lowered, Part};
use crate::lower::build::pipeline;
use crate::lower::build::scope::Scope;
use crate::lower::build::split;
use crate::lower::build::yields::Yields;
use crate::lower::plan;

/// Returns the DAG template of a region, followed by the templates of its nested regions. The template returns `yields`.
pub(in crate::lower) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    region: &'a Region,
    yields: Yields<'_>,
    scope: &Scope,
) -> Vec<plan::Template> {
    let tasks = order::tasks(ctx.checked, region);
    if let Some(parts) = split::parts(ctx, &tasks) {
        let (template, parts) = split::lower(ctx, name, region, yields, scope, parts);
        return with_below(ctx, template, parts);
    }
    let (mut template, below) = graph(ctx, name, &tasks, scope);
    template.outputs = yields.outputs(ctx, scope);
    with_below(ctx, template, below)
}

/// Returns the template, followed by the templates below it.
fn with_below<'a>(
    ctx: &mut Ctx<'_, 'a>,
    template: plan::Template,
    below: Vec<Below<'a>>,
) -> Vec<plan::Template> {
    let mut templates = vec![template];
    for below in below {
        match below {
            Below::Template(template) => templates.push(template),
            Below::Region(inner) => templates.extend(lower_inner(ctx, inner)),
            Below::Part(part) => templates.extend(lower_part(ctx, part)),
        }
    }
    templates
}

/// Returns the templates of a region of a task, with its prefix on the paths of its tasks.
pub(in crate::lower) fn lower_inner<'a>(ctx: &mut Ctx<'_, 'a>, inner: Inner<'a>) -> Vec<plan::Template> {
    let Inner { name, region, scope, role, path } = inner;
    let mut templates = lower(ctx, name, region, Yields::of(region, role), &scope);
    for task in templates[0].graph_mut().into_iter().flat_map(|graph| &mut graph.tasks) {
        task.origin = task.origin.take().map(|origin| format!("{path}{origin}"));
    }
    templates
}

fn lower_part<'a>(ctx: &mut Ctx<'_, 'a>, part: Part<'a>) -> Vec<plan::Template> {
    let Part { name, tasks, scope, exported } = part;
    let (mut template, below) = graph(ctx, name, &tasks, &scope);
    template.outputs = split::outputs(ctx, &scope, &exported);
    with_below(ctx, template, below)
}

/// Returns the DAG template of some tasks, without outputs, and what is below it.
fn graph<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    tasks: &[&'a Task],
    scope: &Scope,
) -> (plan::Template, Vec<Below<'a>>) {
    let mut whole = Lowered::default();
    for task in tasks {
        let lowered = lower_task(ctx, scope, task);
        whole.tasks.extend(lowered.tasks);
        whole.below.extend(lowered.below);
    }
    if whole.tasks.is_empty() {
        whole.tasks.push(ctx.noop());
    }
    let mut template = plan::Template::graph(name, scope.declarations(), whole.tasks);
    if let Some(graph) = template.graph_mut() {
        graph.all_are_targets = tasks.iter().any(|task| runs_after_failures(task));
    }
    (template, whole.below)
}

fn lower_task<'a>(ctx: &mut Ctx<'_, 'a>, scope: &Scope, task: &'a Task) -> Lowered<'a> {
    match &task.kind {
        TaskKind::Call(called) => {
            let task = match &called.callee {
                Callee::Component(_) => call::lower(ctx, scope, task, called),
                Callee::Pipeline(name) => pipeline::call(ctx, scope, task, called, name),
            };
            Lowered { tasks: vec![task], below: Vec::new() }
        }
        TaskKind::Branch(inner) => branch::lower(ctx, scope, task, inner),
        TaskKind::Loop(inner) => for_each::lower(ctx, scope, task, inner),
        TaskKind::ExitHandler(inner) => exit_handler::lower(ctx, scope, task, inner),
        TaskKind::Approval(inner) => approval::lower(ctx, scope, task, inner),
        TaskKind::Import(inner) => import::lower(ctx, scope, task, inner),
    }
}

/// Whether the task or a task in its regions may run after a failure, or lets its dependents run after its own failure.
fn runs_after_failures(task: &Task) -> bool {
    task.trigger == Trigger::AllDone
        || task.continues_on_failure()
        || matches!(task.kind, TaskKind::ExitHandler(_))
        || task.regions().into_iter().flat_map(|region| &region.tasks).any(runs_after_failures)
}
