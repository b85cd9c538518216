//! Lowers a checked [`Program`] to an Argo [`Workflow`].
//!
//! The main function is [`lower`]. Regions become DAG templates, components become container templates, and every value
//! is passed as a parameter that contains one JSON text. Only steps have pods. This stage reads no documents and writes
//! no YAML.

mod analyse;
mod build;
mod options;
mod passes;
mod plan;
mod preflight;
mod print;
#[cfg(test)]
mod testing;

use kfp_argo::Workflow;
use kfp_diag::{Diagnostic, Severity};

pub(crate) use analyse::order::tasks as ordered_tasks;
pub use options::{ARTIFACT_ROOT, BINARY, Options, PipelineRoot, PipelineRootError, Store};
pub use plan::{NodeMap, NodeMapError, TASKS_ANNOTATION};
pub use preflight::preflight;
pub use print::workflow::PIPELINE_ANNOTATION;

use analyse::facts::Facts;
use analyse::steps::Step;
use analyse::{exit_limits, images, pods, settings, supported};
use build::{large_types, whole};
use passes::{failures, limits, nesting, number, share, share_steps, sources, target, wrap};
use plan::Plan;
use print::{step, workflow};

use crate::check::Program;

/// The result of lowering.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowering {
    /// The workflow.
    pub workflow: Workflow,
    /// The warnings about the pipeline.
    pub warnings: Vec<Diagnostic>,
    /// The maximum number of pods of a run: with all retries, with lists of the maximum length, with the largest arm of
    /// each branch, and with the maximum depth of each recursion. Saturates at [`u64::MAX`].
    pub pods: u64,
    /// The map from the nodes of a run to tasks.
    pub nodes: NodeMap,
    plan: Plan,
}

impl Lowering {
    /// Explains how a task is lowered: returns the DAG tasks that belong to it, below the names of their templates,
    /// with the templates that they call, their arguments and their dependencies. `path` is the path of the task
    /// without iteration numbers, such as `all/train`. Returns `None` if there is no such task.
    pub fn explain(&self, path: &str) -> Option<String> {
        plan::explain(&self.plan, path)
    }
}

/// Lowers a pipeline to a workflow for the Argo version of the options.
///
/// If the workflow would have more templates than the API server accepts, components with the same interface share
/// templates, and so do equal graphs.
///
/// ```
/// # use kfp_compiler::{check::check, lower::{Options, lower}};
/// # use kfp_model::Document;
/// # let document = Document::from_json(r#"{"schema_version": 1, "components": {"work": {"name": "work",
/// #     "implementation": {"rust": {}}}}, "pipelines": [{"name": "p", "root": {"tasks": [{"id": "work",
/// #     "name": "work", "kind": {"call": {"callee": {"component": "work"}}}}]}}]}"#)?;
/// # let program = check(&document, &document.pipelines[0]).program.expect("the pipeline is valid");
/// let options = Options { image: Some("image:1".to_owned()), ..Options::default() };
/// let lowering = lower(&program, &options).expect("the pipeline can be lowered");
/// assert_eq!(lowering.workflow.spec.entrypoint, "p");
/// assert!(lowering.warnings.is_empty());
/// # Ok::<(), kfp_model::ReadError>(())
/// ```
///
/// # Errors
/// An option is invalid, the pipeline has a construct that cannot be lowered, a step has no image, or the result
/// exceeds the limits of the API server. The errors of each stage are reported together with the warnings.
pub fn lower(program: &Program<'_>, options: &Options) -> Result<Lowering, Vec<Diagnostic>> {
    let checked = program.root();
    let mut errors = settings::check(checked, options);
    errors.extend(supported::check(program, options));
    errors.extend(exit_limits::check(program));
    errors.extend(large_types::check(program));
    if !errors.is_empty() {
        return Err(errors);
    }
    let facts = Facts::of(program, options);
    let form = |step: &Step<'_>| step::form(step, options);
    if let Some(error) = limits::check_steps(&facts, |steps| share_steps::count(steps, &form)) {
        return Err(vec![error]);
    }
    let (mut plan, mut found) = whole::plan(&facts);
    let shares = limits::are_too_many_templates(&plan, &facts);
    let steps = run_passes(&mut plan, &facts, shares);
    let nodes = NodeMap::of(&plan);
    let workflow = workflow::print(&plan, &steps, &facts, &nodes);
    found.extend(images::check(&steps, options));
    found.extend(sources::check(&facts.steps, shares));
    let mut diagnostics = distinct(found);
    diagnostics.extend(limits::check(&facts, &steps, &workflow));
    diagnostics.extend(nesting::check(checked, program, &plan));
    diagnostics.extend(target::check(checked, &workflow, options.target));
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let pods = pods::at_most(program, &facts.instances, options);
    Ok(Lowering { workflow, warnings: diagnostics, pods, nodes, plan })
}

/// Runs the passes in order. Returns the final steps that the tasks of the plan call.
fn run_passes<'a>(plan: &mut Plan, facts: &Facts<'_, 'a>, shares: bool) -> Vec<Step<'a>> {
    let mut steps = facts.steps.clone();
    if shares {
        steps = share_steps::share(plan, steps, facts.options, &|step| step::form(step, facts.options));
    }
    wrap::wrap(plan, &steps);
    if shares {
        number::number(plan);
        share::share(plan);
    }
    failures::write(plan, &facts.program.root().pipeline().name);
    steps
}

/// Removes duplicate diagnostics, because every instance of a pipeline adds the same ones.
fn distinct(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut distinct = Vec::new();
    for diagnostic in diagnostics {
        if !distinct.contains(&diagnostic) {
            distinct.push(diagnostic);
        }
    }
    distinct
}
