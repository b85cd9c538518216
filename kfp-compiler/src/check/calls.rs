//! The call graph: what a pipeline calls, directly or through others, and which pipelines form cycles.

use std::collections::{BTreeSet, HashMap};

use kfp_diag::graph::clusters;
use kfp_model::{Callee, ComponentId, Document, Pipeline, Place, Region, TaskKind};

use super::scope::nested_regions;

/// The pipelines and components that are reachable from one pipeline. Unknown names are ignored.
#[derive(Debug)]
pub(super) struct CallGraph<'a> {
    /// The pipelines; the first is the one that is checked.
    pub(super) pipelines: Vec<Reached<'a>>,
    pub(super) components: BTreeSet<&'a ComponentId>,
    index: HashMap<&'a str, usize>,
}

/// A pipeline of a call graph.
#[derive(Debug)]
pub(super) struct Reached<'a> {
    pub(super) pipeline: &'a Pipeline,
    /// The position among the pipelines of the document.
    pub(super) idx: usize,
    pub(super) place: Place,
    callees: BTreeSet<&'a str>,
    /// The number of the cycle that the pipeline is part of; `None` if it does not call itself.
    cycle: Option<usize>,
}

impl<'a> CallGraph<'a> {
    /// Builds the call graph of a pipeline of the document.
    pub(super) fn of(document: &'a Document, pipeline: &'a Pipeline) -> Self {
        let places = Place::root().key("pipelines");
        let mut by_name: HashMap<&str, (usize, &'a Pipeline)> = HashMap::new();
        for (idx, pipeline) in document.pipelines.iter().enumerate() {
            by_name.entry(&pipeline.name).or_insert((idx, pipeline));
        }
        let first = document.pipelines.iter().position(|other| std::ptr::eq(other, pipeline)).unwrap_or(0);
        let mut graph = Self { pipelines: Vec::new(), components: BTreeSet::new(), index: HashMap::new() };
        let mut seen = BTreeSet::from([first]);
        let mut open = vec![(first, pipeline)];
        while let Some((idx, pipeline)) = open.pop() {
            let mut callees = BTreeSet::new();
            for_each_callee(&pipeline.root, &mut |callee| match callee {
                Callee::Component(id) => {
                    graph.components.insert(id);
                }
                Callee::Pipeline(name) => {
                    callees.insert(name.as_str());
                }
            });
            // Sorted by name, because the position of a task has no meaning.
            let called = callees.iter().filter_map(|name| by_name.get(name));
            open.extend(called.filter(|(idx, _)| seen.insert(*idx)));
            graph.index.entry(&pipeline.name).or_insert(graph.pipelines.len());
            graph.pipelines.push(Reached { pipeline, idx, place: places.index(idx), callees, cycle: None });
        }
        graph.find_cycles();
        graph
    }

    fn find_cycles(&mut self) {
        let mut edges = Vec::new();
        for (from, reached) in self.pipelines.iter().enumerate() {
            edges.extend(reached.callees.iter().filter_map(|name| Some((from, *self.index.get(name)?))));
        }
        for (number, cluster) in clusters(self.pipelines.len(), &edges).into_iter().enumerate() {
            let Reached { pipeline, callees, .. } = &self.pipelines[cluster[0]];
            let is_cycle = cluster.len() > 1 || callees.contains(pipeline.name.as_str());
            for idx in cluster.into_iter().filter(|_| is_cycle) {
                self.pipelines[idx].cycle = Some(number);
            }
        }
    }

    /// Returns the pipeline of that name, if it is reached.
    pub(super) fn get(&self, name: &str) -> Option<&Reached<'a>> {
        self.index.get(name).map(|idx| &self.pipelines[*idx])
    }

    /// Returns the number of the cycle that the pipeline is part of; `None` if it does not call itself.
    pub(super) fn cycle(&self, name: &str) -> Option<usize> {
        self.get(name)?.cycle
    }

    /// Whether a call of `callee` in `caller` is part of a recursion.
    pub(super) fn are_in_cycle(&self, caller: &str, callee: &str) -> bool {
        self.cycle(caller).is_some_and(|cycle| self.cycle(callee) == Some(cycle))
    }

    /// Returns the names of all pipelines that the pipeline calls, directly or through others.
    pub(super) fn reached_from(&self, name: &str) -> BTreeSet<&'a str> {
        let callees = |name: &str| self.get(name).into_iter().flat_map(|reached| &reached.callees).copied();
        let mut reached = BTreeSet::new();
        let mut open: Vec<&'a str> = callees(name).collect();
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(callees(name));
            }
        }
        reached
    }
}

/// Calls `visit` with the callee of every call in the region and its nested regions.
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

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn cycles_are_found() {
        let pipelines =
            [("a", vec!["b", "d"]), ("b", vec!["c"]), ("c", vec!["b"]), ("d", vec!["d", "e"]), ("e", vec![])];
        let pipeline = |(name, callees): &(&str, Vec<&str>)| {
            let call = |callee: &&str| json!({"id": *callee, "name": *callee, "kind": {"call": {"callee": {"pipeline": *callee}}}});
            json!({"name": *name, "root": {"tasks": callees.iter().map(call).collect::<Vec<_>>()}})
        };
        let pipelines: Vec<Value> = pipelines.iter().map(pipeline).collect();
        let document = json!({"schema_version": 1, "components": {}, "pipelines": pipelines});
        let document: Document = serde_json::from_value(document).unwrap();
        let graph = CallGraph::of(&document, &document.pipelines[0]);
        for (caller, callee, expected) in [
            ("a", "b", false),
            ("b", "c", true),
            ("c", "b", true),
            ("b", "b", true),
            ("d", "d", true),
            ("d", "e", false),
            ("b", "d", false),
            ("e", "e", false),
        ] {
            assert_eq!(graph.are_in_cycle(caller, callee), expected, "{caller} {callee}");
        }
        assert_eq!(graph.reached_from("b"), ["b", "c"].into());
        assert_eq!(graph.reached_from("a"), ["b", "c", "d", "e"].into());
    }
}
