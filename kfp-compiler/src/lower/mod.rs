//! Lowering: from a checked [`Program`] to an Argo [`Workflow`].
//!
//! The main function is [`lower`]. One pod per step and none for anything else: regions become DAG templates,
//! components become container templates, and every value travels as a parameter that holds one JSON text.
//! This stage reads no documents and writes no YAML.

mod analyse;
mod build;
mod options;
mod passes;
mod plan;
mod preflight;
mod print;

use kfp_argo::Workflow;
use kfp_diag::{Diagnostic, Severity};

pub(crate) use analyse::order::tasks as ordered_tasks;
pub use options::{ARTIFACT_ROOT, BINARY, Options, PipelineRoot, PipelineRootError, Store};
pub use plan::NodeMap;
pub use preflight::preflight;

use analyse::instances::Instances;
use analyse::{pods, settings, supported};
use build::ctx::Ctx;
use build::{large_types, whole};
use passes::{failures, limits, nesting, share, share_steps, target};
use plan::Plan;
use print::{step, workflow};

use crate::check::Program;

/// What lowering gives.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowering {
    /// The workflow.
    pub workflow: Workflow,
    /// What its author should know of it.
    pub warnings: Vec<Diagnostic>,
    /// Pods of a run at most: all retries are made, computed lists are as long as they may be, branches take
    /// their largest arm, and pipelines call themselves as often as they may. [`u64::MAX`] where there are more.
    pub pods: u64,
    /// Which task each node of a run belongs to.
    pub nodes: NodeMap,
    plan: Plan,
}

impl Lowering {
    /// What becomes of a task: the tasks of the workflow that belong to it, below the names of their templates, with what
    /// they call, receive and wait for. `path` is that of the task without the numbers of iterations, such as `all/train`.
    /// `None` if there is no such task.
    pub fn explain(&self, path: &str) -> Option<String> {
        plan::explain(&self.plan, path)
    }
}

/// Lowers the pipeline to the workflow that does the same on Argo, in the version that the options name.
///
/// Where it would have more templates than the API server takes, components of one interface and graphs that
/// are equal share templates.
///
/// ```
/// # use kfp_compiler::{check::check, lower::{Options, lower}};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "work",
/// #     "name": "work", "kind": {"call": {"callee": {"component": "work"}}}}]}}]}"#)?;
/// # let program = check(&document, &document.pipelines[0]).program.expect("the pipeline is right");
/// let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
/// let lowering = lower(&program, &options).expect("the pipeline can be lowered");
/// assert_eq!(lowering.workflow.spec.entrypoint, "p");
/// assert!(lowering.warnings.is_empty());
/// # Ok::<(), kfp_model::ReadError>(())
/// ```
///
/// # Errors
/// An option cannot stand in a workflow, the pipeline has something that this version does not lower, a step has no
/// image, or the result is larger than the API server takes. All of it is reported together, with the warnings.
pub fn lower(program: &Program<'_>, options: &Options) -> Result<Lowering, Vec<Diagnostic>> {
    let checked = program.root();
    let mut refused = settings::check(checked, options);
    refused.extend(supported::check(program, options));
    refused.extend(large_types::check(program));
    if !refused.is_empty() {
        return Err(refused);
    }
    let instances = Instances::of(program);
    let own =
        (!limits::will_have_too_many_templates(program)).then(|| own_templates(program, &instances, options));
    let (mut plan, mut ctx) = own
        .filter(|(plan, ctx)| !limits::will_be_too_many_templates(plan, ctx))
        .unwrap_or_else(|| shared_templates(program, &instances, options));
    failures::write(&mut plan, &checked.pipeline().name);
    let workflow = workflow::print(&mut ctx, &plan);
    let sizes = limits::check(&ctx, &workflow);
    let mut diagnostics = distinct(ctx.diagnostics);
    diagnostics.extend(sizes);
    diagnostics.extend(nesting::check(checked, program, &plan));
    diagnostics.extend(target::check(checked, &workflow, options.target));
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let pods = pods::at_most(program, &instances, options);
    let nodes = NodeMap::of(&plan);
    Ok(Lowering { workflow, warnings: diagnostics, pods, nodes, plan })
}

/// A plan in which every step and every graph has a template of its own.
fn own_templates<'c, 'a>(
    program: &'c Program<'a>,
    instances: &'c Instances<'c, 'a>,
    options: &'c Options,
) -> (Plan, Ctx<'c, 'a>) {
    let mut ctx = Ctx::new(program, instances, options, None);
    (whole::plan(&mut ctx), ctx)
}

/// A plan in which steps and graphs share templates where these differ in nothing but names.
fn shared_templates<'c, 'a>(
    program: &'c Program<'a>,
    instances: &'c Instances<'c, 'a>,
    options: &'c Options,
) -> (Plan, Ctx<'c, 'a>) {
    let form = |leaf: &analyse::leaves::Leaf<'_>| step::form(leaf, options);
    let mut ctx = Ctx::new(
        program,
        instances,
        options,
        Some(&|leaves, by_task, taken| share_steps::share(leaves, by_task, &form, taken)),
    );
    let mut plan = whole::plan(&mut ctx);
    share::share(&mut plan);
    (plan, ctx)
}

/// A pipeline that is lowered several times says the same each time.
fn distinct(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut distinct = Vec::new();
    for diagnostic in diagnostics {
        if !distinct.contains(&diagnostic) {
            distinct.push(diagnostic);
        }
    }
    distinct
}

#[cfg(test)]
mod testing {
    use kfp_model::Document;

    use super::*;

    /// The workflow of the first pipeline, with or without sharing.
    pub(super) fn lowered(document: &Document, shares: bool) -> Workflow {
        let outcome = crate::check::check(document, &document.pipelines[0]);
        let program = outcome.program.unwrap_or_else(|| panic!("{:#?}", outcome.diagnostics));
        let options = Options {
            image: Some("rust:1".to_owned()),
            python_image: Some("python:1".to_owned()),
            pipeline_root: Some("s3://bucket/team".parse().unwrap()),
            ..Options::default()
        };
        let instances = Instances::of(&program);
        let (mut plan, mut ctx) = if shares {
            shared_templates(&program, &instances, &options)
        } else {
            own_templates(&program, &instances, &options)
        };
        failures::write(&mut plan, &program.root().pipeline().name);
        workflow::print(&mut ctx, &plan)
    }
}
