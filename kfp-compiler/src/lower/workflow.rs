//! The workflow around the templates: parameters, entry, exit hook.

use indexmap::IndexMap;
use kfp_model::{Guard, Implementation, Pipeline, Region, TaskKind};

use super::atom::Atom;
use super::ctx::Ctx;
use super::scope::{Scope, Source};
use super::{entry, exit, leaf, names, region};
use crate::argo::{Arguments, DagTask, Inputs, Metadata, Parameter, Template, Workflow, WorkflowSpec};
use crate::shim;

/// The parameter of the workflow that invalidates all caches when it is raised.
pub(super) const CACHE_EPOCH: &str = "cache-epoch";
/// The parameter of the workflow that holds the program around Python steps.
pub(super) const SHIM: &str = "kfp-shim";

pub(super) fn lower(ctx: &mut Ctx<'_, '_>) -> Workflow {
    let pipeline = ctx.checked.pipeline();
    let (body, exit) = parts(pipeline);
    let mut templates = entry_and_body(ctx, pipeline, body);
    let mut hooks = None;
    if let Some(guard) = exit {
        let (hook, exit_templates) = exit::lower(ctx, guard);
        hooks = Some(hook);
        templates.extend(exit_templates);
    }
    templates.extend(leaf::lower_all(ctx));
    Workflow {
        api_version: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: metadata(pipeline),
        spec: WorkflowSpec {
            entrypoint: names::kebab(&pipeline.name),
            service_account_name: ctx.options.service_account.clone(),
            active_deadline_seconds: pipeline.settings.timeout.map(kfp_model::Duration::seconds),
            parallelism: pipeline.settings.parallelism,
            arguments: Arguments { parameters: arguments(ctx) },
            hooks,
            templates,
        },
    }
}

/// What runs first, and what runs at the end: a guard around everything becomes an exit hook.
pub(super) fn parts(pipeline: &Pipeline) -> (&Region, Option<&Guard>) {
    match pipeline.root.tasks.as_slice() {
        [task] => match &task.kind {
            TaskKind::Guard(guard) => (&guard.body, Some(guard)),
            _ => (&pipeline.root, None),
        },
        _ => (&pipeline.root, None),
    }
}

fn entry_and_body<'a>(ctx: &mut Ctx<'_, 'a>, pipeline: &'a Pipeline, body: &'a Region) -> Vec<Template> {
    let scope = Scope::with_inputs(pipeline.inputs.keys().map(|name| Atom::Input(name.clone())));
    let body_name = ctx.template_name("body");
    let encode = |(name, input): (&String, &kfp_model::Input)| {
        Parameter::with_value(name, entry::encoded(&Source::Workflow(name.clone()), name, &input.r#type))
    };
    let task = DagTask {
        name: "body".to_owned(),
        template: body_name.clone(),
        arguments: Arguments { parameters: pipeline.inputs.iter().map(encode).collect() },
        ..DagTask::default()
    };
    // The entry has no inputs: a linter wants values for those, and arguments without a default have none yet.
    let mut templates = vec![region::dag(names::kebab(&pipeline.name), Inputs::default(), vec![task])];
    templates.extend(region::lower(ctx, body_name, body, &scope));
    templates
}

fn arguments(ctx: &Ctx<'_, '_>) -> Vec<Parameter> {
    let pipeline = ctx.checked.pipeline();
    let given = &ctx.options.arguments;
    let mut parameters: Vec<Parameter> =
        pipeline.inputs.iter().map(|(name, input)| entry::argument(name, input, given.get(name))).collect();
    if ctx.leaves.iter().any(|leaf| leaf.policy.cache.is_some()) {
        parameters.push(Parameter::with_value(CACHE_EPOCH, "0"));
    }
    if ctx.leaves.iter().any(|leaf| matches!(leaf.component.implementation, Implementation::Python(_))) {
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
