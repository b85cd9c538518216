//! The whole plan: the entry, the body, what runs at the end, and everything that is called.

use kfp_model::{Pipeline, Region};

use crate::lower::analyse::atom::Atom;
use crate::lower::analyse::names;
use crate::lower::analyse::outermost::parts;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::entry;
use crate::lower::build::exit;
use crate::lower::build::import;
use crate::lower::build::pipeline;
use crate::lower::build::region;
use crate::lower::build::scope::{Scope, Source};
use crate::lower::build::wrapper;
use crate::lower::build::yields::Role;
use crate::lower::plan::{self, Argument, Plan};

/// The plan of the pipeline and of everything that it calls.
pub(in crate::lower) fn plan(ctx: &mut Ctx<'_, '_>) -> Plan {
    let pipeline = ctx.checked.pipeline();
    let (body, exit) = parts(ctx.program, pipeline);
    let mut plan = Plan { entry: names::kebab(&pipeline.name), ..Plan::default() };
    plan.templates = entry_and_body(ctx, pipeline, body);
    if let Some(guard) = exit {
        let (exit, templates) = exit::lower(ctx, guard);
        plan.exit = Some(exit);
        plan.templates.extend(templates);
    }
    plan.templates.extend(pipeline::lower_called(ctx));
    let wrappers = wrapper::wrappers(ctx);
    plan.templates.extend(ctx.nothing_template());
    plan.templates.extend(wrappers);
    plan
}

fn entry_and_body<'a>(
    ctx: &mut Ctx<'_, 'a>,
    pipeline: &'a Pipeline,
    body: &'a Region,
) -> Vec<plan::Template> {
    // The first instance is this pipeline; where it calls itself, its template is among those that are called.
    let called = ctx.template_of(0).cloned();
    let is_called = called.is_some();
    let body_name = called.unwrap_or_else(|| ctx.template_name("body"));
    let scope = Scope::with_inputs(ctx.pipeline_inputs(pipeline));
    let argument = |(atom, name): (&Atom, &str)| {
        let value = match atom {
            Atom::Input(input) => {
                let (declared, source) = (&pipeline.inputs[input], Source::Workflow(input.clone()));
                match &ctx.options.pipeline_root {
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
    // The entry has no inputs: a linter wants values for those, and arguments without a default have none yet.
    let mut templates = vec![plan::Template::graph(names::kebab(&pipeline.name), Vec::new(), vec![task])];
    if !is_called {
        templates.extend(region::lower(ctx, body_name, body, &scope, Role::Called));
        if !std::ptr::eq(body, &raw const pipeline.root) && pipeline.root.yields.is_empty() {
            // What the guard around everything hands to its exit has global names.
            templates[1].outputs.clear();
        }
    }
    templates
}

/// The inputs of a pipeline's template in the order that the author gave them, then the depths.
fn in_order<'s>(pipeline: &'s Pipeline, scope: &'s Scope) -> impl Iterator<Item = (&'s Atom, &'s str)> {
    let position = |atom: &Atom| match atom {
        Atom::Input(name) => pipeline.inputs.get_index_of(name),
        _ => None,
    };
    let mut inputs: Vec<_> = scope.inputs().collect();
    inputs.sort_by_key(|(atom, _)| position(atom).unwrap_or(usize::MAX));
    inputs.into_iter()
}
