//! The dependencies between tasks.

use std::cell::OnceCell;
use std::collections::HashMap;

use kfp_model::Place;

use super::reach::Reach;
use crate::view::{Template, TemplateKind};

/// A dependency of one task on another.
#[derive(Debug, Clone)]
pub(crate) struct Edge<'a> {
    /// The index of the dependent task.
    pub(crate) waiting: usize,
    /// The name of the dependency, which may not exist.
    pub(crate) before: &'a str,
    /// The required result in `depends`, if any.
    pub(crate) result: Option<&'a str>,
    pub(crate) place: Place,
}

/// The tasks of a template and their dependencies.
#[derive(Debug)]
pub(crate) struct Graph<'p, 'a> {
    pub(crate) template: &'p Template<'a>,
    pub(crate) edges: Vec<Edge<'a>>,
    index: HashMap<&'a str, usize>,
    /// The first edge to each name.
    waiting: HashMap<&'a str, usize>,
    reach: OnceCell<Reach>,
}

impl<'p, 'a> Graph<'p, 'a> {
    pub(crate) fn of(template: &'p Template<'a>) -> Self {
        let edges = edges(template);
        let index = template.tasks.iter().enumerate().map(|(idx, task)| (task.name, idx)).collect();
        let waiting = edges.iter().enumerate().rev().map(|(idx, edge)| (edge.before, idx)).collect();
        Self { template, edges, index, waiting, reach: OnceCell::new() }
    }

    pub(crate) fn task(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Returns whether the task has ended or been skipped before the other one starts.
    pub(crate) fn is_before(&self, task: usize, other: usize) -> bool {
        let tasks = &self.template.tasks;
        match (tasks.get(task), tasks.get(other)) {
            (Some(before), Some(after)) if self.template.is(TemplateKind::Steps) => {
                before.group < after.group
            }
            (Some(_), Some(_)) => self.reach().leads(other, task),
            _ => false,
        }
    }

    /// Returns for each task of a DAG whether the predicate is true for an earlier task.
    pub(crate) fn any_before(&self, predicate: impl Fn(usize) -> bool) -> Vec<bool> {
        self.reach().leads_to_any(predicate)
    }

    /// Returns the tasks in topological order; `None` if there is a cycle.
    pub(crate) fn order(&self) -> Option<Vec<usize>> {
        if self.template.is(TemplateKind::Steps) {
            return Some((0..self.template.tasks.len()).collect());
        }
        self.reach().order()
    }

    fn reach(&self) -> &Reach {
        self.reach.get_or_init(|| Reach::of(self.template.tasks.len(), &self.pairs()))
    }

    /// Returns the place of the first dependency on the task.
    pub(crate) fn waiting(&self, name: &str) -> Option<&Place> {
        self.waiting.get(name).map(|edge| &self.edges[*edge].place)
    }

    /// Returns the edges as pairs of a task and its dependency.
    pub(crate) fn pairs(&self) -> Vec<(usize, usize)> {
        self.edges.iter().filter_map(|edge| Some((edge.waiting, self.task(edge.before)?))).collect()
    }
}

fn edges<'a>(template: &Template<'a>) -> Vec<Edge<'a>> {
    let mut edges = Vec::new();
    if !template.is(TemplateKind::Dag) {
        return edges;
    }
    for (waiting, task) in template.tasks.iter().enumerate() {
        if let Some(depends) = task.depends() {
            for (before, result) in names(depends.text().unwrap_or_default()) {
                edges.push(Edge { waiting, before, result, place: depends.place.clone() });
            }
        } else {
            for dependency in task.dependencies() {
                let before = dependency.text().unwrap_or_default();
                edges.push(Edge { waiting, before, result: None, place: dependency.place });
            }
        }
    }
    edges
}

/// Finds the names in a `depends` and the results after their dots, as Argo does: by character.
pub(crate) fn names(depends: &str) -> Vec<(&str, Option<&str>)> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut found = Vec::new();
    let mut rest = depends;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let result = after.strip_prefix('.').unwrap_or_default();
        let length = result.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(result.len());
        if length > 1 && result.starts_with(|c: char| c.is_ascii_uppercase()) {
            found.push((name, Some(&result[..length])));
            rest = &result[length..];
        } else {
            found.push((name, None));
            rest = after;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_by_character() {
        for (depends, expected) in [
            ("a", vec![("a", None)]),
            (
                "a-1.Succeeded && (b || !c.Failed)",
                vec![("a-1", Some("Succeeded")), ("b", None), ("c", Some("Failed"))],
            ),
            ("a.succeeded", vec![("a", None), ("succeeded", None)]),
            ("", vec![]),
        ] {
            assert_eq!(names(depends), expected, "{depends}");
        }
    }
}
