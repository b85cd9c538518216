//! Prints the workflow.

use indexmap::IndexMap;
use kfp_argo::{Arguments, Metadata, Template, Workflow, WorkflowSpec};
use kfp_model::Pipeline;

use crate::dag_names;
use crate::lower::analyse::facts::Facts;
use crate::lower::analyse::steps::Step;
use crate::lower::plan::{NodeMap, Plan, TASKS_ANNOTATION};
use crate::lower::print::copy;
use crate::lower::print::graph;
use crate::lower::print::parameters;
use crate::lower::print::step;

/// Returns the workflow of a plan.
pub(in crate::lower) fn print(
    plan: &Plan,
    steps: &[Step<'_>],
    facts: &Facts<'_, '_>,
    nodes: &NodeMap,
) -> Workflow {
    let pipeline = facts.program.root().pipeline();
    let mut templates: Vec<Template> =
        plan.templates.iter().filter(|template| template.wraps.is_none()).map(graph::template).collect();
    templates.extend(copies(facts));
    templates.extend(step::print_all(plan, steps, facts.options));
    Workflow {
        api_version: "argoproj.io/v1alpha1",
        kind: "Workflow",
        metadata: metadata(pipeline, nodes),
        spec: WorkflowSpec {
            entrypoint: plan.entry.clone(),
            service_account_name: facts.options.service_account.clone(),
            active_deadline_seconds: pipeline.settings.timeout.map(kfp_model::Duration::seconds),
            parallelism: pipeline.settings.parallelism,
            arguments: Arguments { parameters: parameters::of(steps, facts) },
            hooks: graph::hooks(plan),
            templates,
        },
    }
}

/// Returns the templates that copy from other stores.
fn copies(facts: &Facts<'_, '_>) -> impl Iterator<Item = Template> {
    facts.copies().map(|(store, name)| copy::template(facts.options, name, &facts.options.stores[store]))
}

/// The annotation of a workflow with the name of its pipeline. Every workflow that kfpc compiles has it.
pub const PIPELINE_ANNOTATION: &str = "kfpc/pipeline";

fn metadata(pipeline: &Pipeline, nodes: &NodeMap) -> Metadata {
    let mut annotations = IndexMap::new();
    if !pipeline.description.is_empty() {
        annotations.insert("workflows.argoproj.io/description".to_owned(), pipeline.description.clone());
    }
    annotations.insert(PIPELINE_ANNOTATION.to_owned(), pipeline.name.clone());
    if let Some(version) = &pipeline.version {
        annotations.insert("kfpc/pipeline-version".to_owned(), version.clone());
    }
    if let Some(tasks) = nodes.annotation() {
        annotations.insert(TASKS_ANNOTATION.to_owned(), tasks);
    }
    Metadata { generate_name: format!("{}-", dag_names::kebab(&pipeline.name)), annotations }
}
