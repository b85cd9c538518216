//! Which task waits for which.

use std::cell::OnceCell;
use std::collections::HashMap;

use kfp_model::Place;

use super::reach::Reach;
use crate::view::{Template, TemplateKind};

/// A task that another one waits for.
#[derive(Debug, Clone)]
pub(crate) struct Edge<'a> {
    /// Which task waits, by its place among the tasks of the template.
    pub(crate) waiting: usize,
    /// The name of the task that is waited for, which need not be there.
    pub(crate) before: &'a str,
    /// How it must have ended, as `depends` may say.
    pub(crate) result: Option<&'a str>,
    pub(crate) place: Place,
}

/// The tasks of one template and what they wait for.
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

    /// Whether the task has ended, or will not run, before the other one starts.
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

    /// Of each task of a DAG, whether this holds for one that has ended before it starts.
    pub(crate) fn any_before(&self, holds: impl Fn(usize) -> bool) -> Vec<bool> {
        self.reach().leads_to_any(holds)
    }

    /// The tasks, each after all that it waits for; `None` where they wait for each other.
    pub(super) fn order(&self) -> Option<Vec<usize>> {
        if self.template.is(TemplateKind::Steps) {
            return Some((0..self.template.tasks.len()).collect());
        }
        self.reach().order()
    }

    fn reach(&self) -> &Reach {
        self.reach.get_or_init(|| Reach::of(self.template.tasks.len(), &self.pairs()))
    }

    /// Where another task of the template waits for this one.
    pub(crate) fn waiting(&self, name: &str) -> Option<&Place> {
        self.waiting.get(name).map(|edge| &self.edges[*edge].place)
    }

    /// The edges as pairs, from the task that waits to the one that it waits for.
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

/// The names in a `depends`, each with the result behind its dot, found as Argo finds them: by their letters.
pub(crate) fn names(depends: &str) -> Vec<(&str, Option<&str>)> {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let mut found = Vec::new();
    let mut rest = depends;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric()) {
        rest = &rest[start..];
        let end = rest.find(|c: char| !is_letter(c)).unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let word = after.strip_prefix('.').unwrap_or_default();
        let length = word.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(word.len());
        if length > 1 && word.starts_with(|c: char| c.is_ascii_uppercase()) {
            found.push((name, Some(&word[..length])));
            rest = &word[length..];
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
    fn names_are_found_by_their_letters() {
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
