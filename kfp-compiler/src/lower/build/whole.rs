//! Builds the whole plan: the entry, the body, the exit hook, and all called pipelines.

use kfp_diag::Diagnostic;
use kfp_model::{ExitHandler, Pipeline, Region, Task};

use crate::dag_names;
use crate::lower::analyse::captured::Captured;
use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::outermost;
use crate::lower::build::ctx::{Built, Ctx};
use crate::lower::build::entry;
use crate::lower::build::exit;
use crate::lower::build::import;
use crate::lower::build::region;
use crate::lower::build::scope::{Scope, Source};
use crate::lower::build::yields::{Role, Yields};
use crate::lower::plan::{self, Argument, Plan};

/// Builds the plan of the pipeline and everything that it calls. Returns the plan and warnings.
pub(in crate::lower) fn plan<'c>(facts: &'c Facts<'c, '_>) -> (Plan, Vec<Diagnostic>) {
    let pipeline = facts.program.root().pipeline();
    let (body, exit) = outermost::parts(facts.program, pipeline);
    let mut ctx = Ctx::new(facts, 0, Built::new(facts));
    let mut templates = entry_and_body(&mut ctx, pipeline, body, exit);
    let exit = exit.map(|handler| {
        let (exit, below) = exit::lower(&mut ctx, handler);
        templates.extend(below);
        exit
    });
    let mut built = ctx.built;
    for instance in facts.instances.all_called() {
        let mut ctx = Ctx::new(facts, instance, built);
        templates.extend(called(&mut ctx));
        built = ctx.built;
    }
    templates.extend(built.noop());
    let plan = Plan { entry: dag_names::kebab(&pipeline.name), exit, templates, names: built.names };
    (plan, built.diagnostics)
}

/// Returns the template of a called pipeline, followed by those of its regions.
fn called(ctx: &mut Ctx<'_, '_>) -> Vec<plan::Template> {
    let Some(template) = ctx.own_template() else { return Vec::new() };
    let pipeline = ctx.checked.pipeline();
    let scope = Scope::with_inputs(ctx.pipeline_inputs(pipeline));
    region::lower(ctx, template, &pipeline.root, Yields::of(&pipeline.root, Role::Called), &scope)
}

fn entry_and_body<'a>(
    ctx: &mut Ctx<'_, 'a>,
    pipeline: &'a Pipeline,
    body: &'a Region,
    exit: Option<(&'a Task, &'a ExitHandler)>,
) -> Vec<plan::Template> {
    // The first instance is this pipeline. If it is recursive, its template is among those of the called pipelines.
    let called = ctx.own_template();
    let is_called = called.is_some();
    let body_name = called.unwrap_or_else(|| ctx.template_name("body"));
    let scope = Scope::with_inputs(ctx.pipeline_inputs(pipeline));
    let argument = |(captured, name): (&Captured, &str)| {
        let value = match captured {
            Captured::Input(input) => {
                let (declared, source) = (&pipeline.inputs[input], Source::Workflow(input.clone()));
                match &ctx.options().pipeline_root {
                    Some(root) if declared.r#type.artifact().is_some() => {
                        let r#type = &declared.r#type;
                        import::argument(root, input, &source.expression(), r#type).into()
                    }
                    _ => entry::encoded(&source, input, declared),
                }
            }
            _ => "0".into(),
        };
        Argument::new(name, value)
    };
    let arguments = in_order(pipeline, &scope).map(argument).collect();
    let task =
        plan::Task { name: "body".to_owned(), calls: body_name.clone(), arguments, ..plan::Task::default() };
    // The entry has no inputs, because the linter requires values for them, and arguments without a default have none
    // yet.
    let mut templates = vec![plan::Template::graph(dag_names::kebab(&pipeline.name), Vec::new(), vec![task])];
    if !is_called {
        // The values that the exit hook uses are global outputs.
        let outputs = exit.map(|(_, handler)| outermost::outputs(pipeline, handler));
        let values = outputs.as_ref().unwrap_or(&body.yields);
        templates.extend(region::lower(ctx, body_name, body, Yields { values, role: Role::Called }, &scope));
    }
    templates
}

/// Returns the inputs of a pipeline's template in the order of their declaration, then the depths.
fn in_order<'s>(pipeline: &'s Pipeline, scope: &'s Scope) -> impl Iterator<Item = (&'s Captured, &'s str)> {
    let position = |captured: &Captured| match captured {
        Captured::Input(name) => pipeline.inputs.get_index_of(name),
        _ => None,
    };
    let mut inputs: Vec<_> = scope.inputs().collect();
    inputs.sort_by_key(|(captured, _)| position(captured).unwrap_or(usize::MAX));
    inputs.into_iter()
}
