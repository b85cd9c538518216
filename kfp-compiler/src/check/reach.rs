//! The way through all rules: the document as a whole, every pipeline that can be reached, every component
//! that these call.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use kfp_diag::{Diagnostic, Severity};
use kfp_model::{Callee, ComponentId, Document, Pipeline, Place, Region, TaskKind};

use super::checked::Checked;
use super::ctx::Ctx;
use super::rules;
use super::scope::nested_regions;

/// What checking a pipeline gives.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// The proof, where no error was found.
    pub checked: Option<Checked<'a>>,
    /// All errors and warnings, sorted by the place of their nodes.
    pub diagnostics: Vec<Diagnostic>,
}

/// What a pipeline calls, directly or through others.
pub(super) struct Reached<'a> {
    /// The pipelines with their places, the first one being the one that is checked.
    pub(super) pipelines: Vec<(&'a Pipeline, Place)>,
    pub(super) components: BTreeSet<&'a ComponentId>,
}

/// Checks the pipeline, which has to be one of the document's, and everything that it calls against every rule
/// of the model's specification.
pub fn check<'a>(document: &'a Document, pipeline: &'a Pipeline) -> Outcome<'a> {
    let reached = Reached::from(document, pipeline);
    let mut diagnostics = Vec::new();
    rules::check_document(document, &reached, &mut diagnostics);
    let mut root = None;
    for (reached, _) in &reached.pipelines {
        let ctx = Ctx::of(document, reached);
        rules::check_pipeline(&ctx, &mut diagnostics);
        root.get_or_insert(ctx);
    }
    for (id, component) in &document.components {
        if reached.components.contains(id) {
            rules::check_component(component, &Place::root().key("components").key(&id.0), &mut diagnostics);
        }
    }
    diagnostics.sort_by(|left, right| in_document_order(&left.primary.place, &right.primary.place));
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let checked = root.filter(|_| !failed).map(Ctx::into_checked);
    Outcome { checked, diagnostics }
}

impl<'a> Reached<'a> {
    fn from(document: &'a Document, pipeline: &'a Pipeline) -> Self {
        let places = Place::root().key("pipelines");
        let mut by_name: BTreeMap<&str, (usize, &'a Pipeline)> = BTreeMap::new();
        for (idx, pipeline) in document.pipelines.iter().enumerate() {
            by_name.entry(&pipeline.name).or_insert((idx, pipeline));
        }
        let first = document.pipelines.iter().position(|other| std::ptr::eq(other, pipeline)).unwrap_or(0);
        let mut reached = Self { pipelines: Vec::new(), components: BTreeSet::new() };
        let mut seen = BTreeSet::from([first]);
        let mut open = vec![(first, pipeline)];
        while let Some((idx, pipeline)) = open.pop() {
            reached.pipelines.push((pipeline, places.index(idx)));
            for_each_callee(&pipeline.root, &mut |callee| match callee {
                Callee::Component(id) => {
                    reached.components.insert(id);
                }
                Callee::Pipeline(name) => {
                    open.extend(by_name.get(name.as_str()).filter(|(idx, _)| seen.insert(*idx)));
                }
            });
        }
        reached
    }

    /// The pipelines in the order of the document, so that a circle is told in the same way wherever it is
    /// entered.
    pub(super) fn in_document_order(&self) -> Vec<&(&'a Pipeline, Place)> {
        let mut pipelines: Vec<_> = self.pipelines.iter().collect();
        pipelines.sort_by(|(_, left), (_, right)| in_document_order(left, right));
        pipelines
    }
}

/// Calls `visit` with what the calls in the region, and in regions in it, call.
pub(super) fn for_each_callee<'a>(region: &'a Region, visit: &mut impl FnMut(&'a Callee)) {
    for task in &region.tasks {
        if let TaskKind::Call(call) = &task.kind {
            visit(&call.callee);
        }
        for nested in nested_regions(task, &Place::root()) {
            for_each_callee(nested.region, visit);
        }
    }
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
