//! The workflow around the templates: its parameters and its name.

use indexmap::IndexMap;
use kfp_argo::{Arguments, Metadata, Parameter, Template, Workflow, WorkflowSpec};
use kfp_model::{Implementation, Pipeline};

use crate::lower::analyse::names;
use crate::lower::build::ctx::Ctx;
use crate::lower::build::entry;
use crate::lower::plan::Plan;
use crate::lower::print::copy;
use crate::lower::print::graph;
use crate::lower::print::step;
use crate::shim;

/// The parameter of the workflow that invalidates all caches when it is raised.
pub(in crate::lower) const CACHE_EPOCH: &str = "cache-epoch";
/// The parameter of the workflow that holds the program around Python steps.
pub(in crate::lower) const SHIM: &str = "kfp-shim";

/// The workflow of a plan.
pub(in crate::lower) fn print(ctx: &mut Ctx<'_, '_>, plan: &Plan) -> Workflow {
    let pipeline = ctx.checked.pipeline();
    let mut templates: Vec<Template> =
        plan.templates.iter().filter(|template| template.around.is_none()).map(graph::template).collect();
    templates.extend(copies(ctx));
    templates.extend(step::print_all(ctx, plan));
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
            hooks: graph::hooks(plan),
            templates,
        },
    }
}

/// The templates that copy from other stores.
fn copies(ctx: &Ctx<'_, '_>) -> impl Iterator<Item = Template> {
    ctx.copies().map(|(store, name)| copy::template(ctx, name, &ctx.options.stores[store]))
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
