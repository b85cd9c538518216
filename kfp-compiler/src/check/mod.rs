//! Checking: from a document that was merely read to a [`Program`].
//!
//! A [`Program`] is the proof that every rule of the model's specification holds, for the pipeline and
//! for everything that it calls. It is made here and nowhere else. This stage knows no YAML and nothing of
//! Argo but the few limits that are better told early.

mod calls;
mod checked;
mod ctx;
mod dependencies;
mod entries;
mod fit;
mod infer;
mod instances;
mod limits;
mod needs;
mod program;
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
use kfp_model::{Document, Pipeline, Place};

pub use checked::{Checked, Node};
pub use entries::entries;
pub use instances::{InstanceId, PolicyId};
pub use needs::missing;
pub use program::Program;
pub(crate) use sites::for_each_own_expression;
pub(crate) use skips::{may_run_no_arm, yields};

use self::calls::CallGraph;
use self::ctx::Ctx;
use self::instances::Instances;

/// What checking a pipeline returns.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The proof; `None` if there are errors.
    pub program: Option<Program<'a>>,
    /// All errors and warnings, sorted by the place of their nodes.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks the pipeline, which has to be one of the document's, and everything that it calls against every rule
/// of the model's specification.
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
    diagnostics.sort_by(|left, right| in_document_order(&left.primary.place, &right.primary.place));
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Outcome { program: None, diagnostics };
    }
    let pipelines = contexts.into_iter().map(Checked::new).collect();
    Outcome { program: Some(Program::new(document, pipelines, calls, instances)), diagnostics }
}

/// The order in which nodes stand in a document, as far as their places tell: elements of lists by number.
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
    fn elements_are_in_the_order_of_their_numbers() {
        let tasks = Place::root().key("tasks");
        assert_eq!(in_document_order(&tasks.index(9), &tasks.index(10)), Ordering::Less);
        assert_eq!(in_document_order(&tasks, &tasks.index(0)), Ordering::Less);
    }
}
