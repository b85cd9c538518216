//! Checks a document and converts it into a [`Program`].
//!
//! A [`Program`] proves that a pipeline, and everything that it calls, conforms to the specification of the model. Only
//! this module creates one. It does not depend on YAML, and on Argo only for a few limits that are better reported
//! early.

mod calls;
mod checked;
mod ctx;
mod dependencies;
mod entries;
mod infer;
mod instances;
mod limits;
mod mismatch;
mod needs;
mod program;
mod requirement;
mod resolve;
mod rules;
mod scope;
mod sites;
mod skips;
#[cfg(test)]
pub(crate) mod testing;
mod types;

use std::cmp::Ordering;

use kfp_diag::{Diagnostic, Severity};
use kfp_model::{ComponentId, Document, Pipeline, Place};

pub use checked::{Checked, Node};
pub use entries::entries;
pub use instances::{InstanceId, PolicyId};
pub use needs::missing;
pub use program::Program;
pub use rules::recorded_problems;
pub(crate) use sites::for_each_own_expression;
pub(crate) use skips::{may_run_no_arm, yields};

use self::calls::CallGraph;
use self::ctx::Ctx;
use self::instances::Instances;

/// The result of checking a pipeline.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The checked program; `None` if there are errors.
    pub program: Option<Program<'a>>,
    /// All errors and warnings, in the order of the document.
    pub diagnostics: Vec<Diagnostic>,
}

/// Returns the ids of the components that a pipeline of the document calls, directly or through other pipelines.
pub fn called_components<'a>(document: &'a Document, pipeline: &'a Pipeline) -> Vec<&'a ComponentId> {
    CallGraph::of(document, pipeline).components.into_iter().collect()
}

/// Checks a pipeline of the document, and everything that it calls, against the specification of the model.
pub fn check<'a>(document: &'a Document, pipeline: &'a Pipeline) -> Outcome<'a> {
    let calls = CallGraph::of(document, pipeline);
    let instances = Instances::of(document, &calls);
    let mut diagnostics = Vec::new();
    rules::check_document(document, &calls, &instances, &mut diagnostics);
    let mut contexts = Vec::new();
    for reached in &calls.pipelines {
        let ctx = Ctx::of(document, reached.pipeline);
        rules::check_pipeline(&ctx, &instances, &mut diagnostics);
        contexts.push(ctx);
    }
    for (id, component) in &document.components {
        if calls.components.contains(id) {
            rules::check_component(component, &Place::root().key("components").key(&id.0), &mut diagnostics);
        }
    }
    diagnostics.retain(|diagnostic| !rules::is_echo(document, diagnostic));
    let has_errors = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let program = (!has_errors).then(|| {
        let pipelines = contexts.into_iter().map(Checked::new).collect();
        Program::new(document, pipelines, calls, instances)
    });
    if let Some(program) = &program {
        rules::check_program(program, &mut diagnostics);
    }
    diagnostics.sort_by(|left, right| in_document_order(&left.primary.place, &right.primary.place));
    Outcome { program, diagnostics }
}

/// Compares two places by their position in the document: list elements by index, everything else by key.
fn in_document_order(left: &Place, right: &Place) -> Ordering {
    let steps = |place: &'_ Place| -> Vec<(Option<usize>, String)> {
        place.steps().map(|step| (step.parse().ok(), step.into_owned())).collect()
    };
    steps(left).cmp(&steps(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn list_elements_are_sorted_by_index() {
        let tasks = Place::root().key("tasks");
        assert_eq!(in_document_order(&tasks.index(9), &tasks.index(10)), Ordering::Less);
        assert_eq!(in_document_order(&tasks, &tasks.index(0)), Ordering::Less);
    }
}
