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
#[cfg(test)]
mod testing;

use kfp_argo::Workflow;
use kfp_diag::{Diagnostic, Severity};

pub(crate) use analyse::order::tasks as ordered_tasks;
pub use options::{ARTIFACT_ROOT, BINARY, Options, PipelineRoot, PipelineRootError, Store};
pub use plan::{NodeMap, NodeMapError, TASKS_ANNOTATION};
pub use preflight::preflight;

use analyse::facts::Facts;
use analyse::steps::Step;
use analyse::{images, pods, settings, supported};
use build::{large_types, whole};
use passes::{failures, limits, nesting, number, share, share_steps, target, wrap};
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
    let facts = Facts::of(program, options);
    let (mut plan, mut found) = whole::plan(&facts);
    let shares = limits::are_too_many_templates(&plan, &facts);
    let steps = run_passes(&mut plan, &facts, shares);
    let nodes = NodeMap::of(&plan);
    let workflow = workflow::print(&plan, &steps, &facts, &nodes);
    found.extend(images::check(&steps, options));
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

/// The passes, in their order. Returns the steps that the tasks of the plan call in the end.
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

/// Each diagnostic once: every instance of a pipeline adds the same ones.
fn distinct(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut distinct = Vec::new();
    for diagnostic in diagnostics {
        if !distinct.contains(&diagnostic) {
            distinct.push(diagnostic);
        }
    }
    distinct
}
