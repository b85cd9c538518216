//! Regions become DAG templates.

use kfp_model::{Region, Task, TaskId, TaskKind};

use super::ctx::Ctx;
use super::scope::Scope;
use super::{branch, call, names, order};
use crate::argo::{Dag, DagTask, Inputs, Template};

/// The DAG template of a region, followed by the templates of the regions in it.
pub(super) fn lower<'a>(
    ctx: &mut Ctx<'_, 'a>,
    name: String,
    region: &'a Region,
    scope: &Scope,
) -> Vec<Template> {
    let mut tasks = Vec::new();
    let mut nested = Vec::new();
    for task in order::tasks(ctx.checked, region) {
        match &task.kind {
            TaskKind::Call(call) => tasks.push(call::lower(ctx, scope, task, call)),
            TaskKind::Branch(branch) => {
                let (arms, templates) = branch::lower(ctx, scope, task, branch);
                tasks.extend(arms);
                nested.extend(templates);
            }
            // Refused before, by `supported`.
            TaskKind::Loop(_) | TaskKind::Guard(_) | TaskKind::Approval(_) | TaskKind::Import(_) => {}
        }
    }
    let inputs = Inputs { parameters: scope.declarations(), artifacts: Vec::new() };
    let mut templates = vec![dag(name, inputs, tasks)];
    templates.extend(nested);
    templates
}

/// A template that is a graph.
pub(super) fn dag(name: String, inputs: Inputs, tasks: Vec<DagTask>) -> Template {
    Template { name, inputs, dag: Some(Dag::of(tasks)), ..Template::default() }
}

/// What Argo's `depends` says for a task: all it waits for succeeded.
pub(super) fn depends(ctx: &Ctx<'_, '_>, task: &Task) -> Option<String> {
    let dependencies = &ctx.checked.node(&task.id).dependencies;
    let terms: Vec<String> = dependencies.iter().map(|id| succeeded(ctx, id)).collect();
    (!terms.is_empty()).then(|| terms.join(" && "))
}

/// A branch consists of several of Argo's tasks, and has succeeded when one of its arms has.
fn succeeded(ctx: &Ctx<'_, '_>, id: &TaskId) -> String {
    let task = ctx.checked.node(id).task;
    match &task.kind {
        TaskKind::Branch(branch) => {
            let names = branch::arm_names(task, branch);
            let terms: Vec<String> = names.iter().map(|name| format!("{name}.Succeeded")).collect();
            if terms.len() == 1 { terms.concat() } else { format!("({})", terms.join(" || ")) }
        }
        _ => format!("{}.Succeeded", names::task(&task.name)),
    }
}
