//! The workflow around the templates: parameters, entry, exit hook.

use indexmap::IndexMap;
use kfp_argo::{Arguments, Metadata, Parameter, Template, Workflow, WorkflowSpec};
use kfp_model::{Guard, Implementation, Pipeline, Region, TaskKind};

use super::atom::Atom;
use super::ctx::Ctx;
use super::plan::{self, Argument, Plan};
use super::scope::{Scope, Source};
use super::yields::Role;
use super::{entry, exit, import, leaf, names, pipeline, print, region};
use crate::check::Program;
use crate::shim;

/// The parameter of the workflow that invalidates all caches when it is raised.
pub(super) const CACHE_EPOCH: &str = "cache-epoch";
/// The parameter of the workflow that holds the program around Python steps.
pub(super) const SHIM: &str = "kfp-shim";

/// The plan of the pipeline and of everything that it calls.
pub(super) fn plan(ctx: &mut Ctx<'_, '_>) -> Plan {
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
    let wrappers = leaf::wrappers(ctx);
    plan.templates.extend(ctx.nothing_template());
    plan.templates.extend(wrappers);
    plan
}

/// The workflow of a plan.
pub(super) fn print(ctx: &mut Ctx<'_, '_>, plan: &Plan) -> Workflow {
    let pipeline = ctx.checked.pipeline();
    let mut templates: Vec<Template> =
        plan.templates.iter().filter(|template| template.around.is_none()).map(print::template).collect();
    templates.extend(ctx.copy_templates());
    templates.extend(leaf::print_all(ctx, plan));
    Workflow {
        api_version: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: metadata(pipeline),
        spec: WorkflowSpec {
            entrypoint: plan.entry.clone(),
            service_account_name: ctx.options.service_account.clone(),
            active_deadline_seconds: pipeline.settings.timeout.map(kfp_model::Duration::seconds),
            parallelism: pipeline.settings.parallelism,
            arguments: Arguments { parameters: arguments(ctx) },
            hooks: print::hooks(plan),
            templates,
        },
    }
}

/// What runs first, and what runs at the end: a guard around everything becomes an exit hook.
pub(super) fn parts<'a>(program: &Program<'a>, pipeline: &'a Pipeline) -> (&'a Region, Option<&'a Guard>) {
    match pipeline.root.tasks.as_slice() {
        // In a pipeline that calls itself, each guard stands around the turn that it is part of.
        _ if program.is_recursive(&pipeline.name) => (&pipeline.root, None),
        [task] => match &task.kind {
            TaskKind::Guard(guard) => (&guard.body, Some(guard)),
            _ => (&pipeline.root, None),
        },
        _ => (&pipeline.root, None),
    }
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

fn arguments(ctx: &Ctx<'_, '_>) -> Vec<Parameter> {
    let pipeline = ctx.checked.pipeline();
    let given = &ctx.options.arguments;
    let mut parameters: Vec<Parameter> =
        pipeline.inputs.iter().map(|(name, input)| entry::argument(name, input, given.get(name))).collect();
    if ctx.leaves.iter().any(|leaf| leaf.policy.cache.is_some()) {
        parameters.push(Parameter::with_value(CACHE_EPOCH, "0"));
    }
    if ctx.leaves.iter().any(|leaf| {
        matches!(leaf.component.implementation, Implementation::Python(_) | Implementation::Notebook(_))
    }) {
        parameters.push(Parameter::with_value(SHIM, shim::SOURCE));
    }
    parameters
}

fn metadata(pipeline: &Pipeline) -> Metadata {
    let mut annotations = IndexMap::new();
    if !pipeline.description.is_empty() {
        annotations.insert("workflows.argoproj.io/description".to_owned(), pipeline.description.clone());
    }
    if let Some(version) = &pipeline.version {
        annotations.insert("kfpc/pipeline-version".to_owned(), version.clone());
    }
    Metadata { generate_name: format!("{}-", names::kebab(&pipeline.name)), annotations }
}
