//! Lowering: from a [`Checked`] pipeline to an Argo [`Workflow`].
//!
//! The main function is [`lower`]. One pod per step and none for anything else: regions become DAG templates,
//! components become container templates, and every value travels as a parameter that holds one JSON text.
//! This stage reads no documents and writes no YAML.

mod absence;
mod approval;
mod atom;
mod branch;
mod cache;
mod call;
mod collections;
mod container;
mod ctx;
mod depends;
mod entry;
mod executor_input;
mod exit;
mod expression;
mod field;
mod globals;
mod guard;
mod import;
mod instances;
mod leaf;
mod leaves;
mod limits;
mod names;
mod options;
mod order;
mod pipeline;
mod pipelines;
mod region;
mod repeat;
mod resources;
mod retry;
mod scope;
mod splice;
mod split;
mod supported;
mod workflow;
mod yields;

pub use options::{ARTIFACT_ROOT, BINARY, Options, PipelineRoot, PipelineRootError};
pub(crate) use order::tasks as ordered_tasks;

use crate::argo::Workflow;
use crate::check::Checked;
use crate::diag::Diagnostic;

/// Lowers the pipeline to the workflow that does the same on Argo 4.1.
///
/// # Errors
/// The pipeline has something that this version does not lower, a step has no image, or the result is larger
/// than the API server takes. All of it is reported together.
pub fn lower(checked: &Checked<'_>, options: &Options) -> Result<Workflow, Vec<Diagnostic>> {
    let pipelines = pipelines::Pipelines::of(checked);
    let unsupported = supported::check(&pipelines, options.pipeline_root.as_ref());
    if !unsupported.is_empty() {
        return Err(unsupported);
    }
    let instances = instances::Instances::of(&pipelines);
    let absence = absence::Absence::of(&pipelines);
    let mut ctx = ctx::Ctx::new(checked, &pipelines, &instances, &absence, options);
    let workflow = workflow::lower(&mut ctx);
    let mut diagnostics = ctx.diagnostics;
    diagnostics.extend(limits::check(checked, &workflow));
    if diagnostics.is_empty() { Ok(workflow) } else { Err(diagnostics) }
}
