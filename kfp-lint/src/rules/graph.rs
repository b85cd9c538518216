//! Which task waits for which.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

use kfp_model::Place;

use super::outcome::Outcomes;
use crate::view::{Task, Template, TemplateKind};

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
    index: BTreeMap<&'a str, usize>,
    /// Of each task, all that have ended before it starts.
    ancestors: Vec<BTreeSet<usize>>,
    outcomes: OnceCell<Option<Outcomes>>,
}

impl<'p, 'a> Graph<'p, 'a> {
    pub(crate) fn of(template: &'p Template<'a>) -> Self {
        let edges = edges(template);
        let index: BTreeMap<&str, usize> =
            template.tasks.iter().enumerate().map(|(idx, task)| (task.name, idx)).collect();
        let ancestors = if template.is(TemplateKind::Steps) {
            let earlier = |task: &Task<'_>| {
                (0..template.tasks.len()).filter(|idx| template.tasks[*idx].group < task.group).collect()
            };
            template.tasks.iter().map(earlier).collect()
        } else {
            ancestors(template.tasks.len(), &edges, &index)
        };
        Self { template, edges, index, ancestors, outcomes: OnceCell::new() }
    }

    pub(crate) fn task(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    /// Whether the task has ended, or will not run, before the other one starts.
    pub(crate) fn is_before(&self, task: usize, other: usize) -> bool {
        self.ancestors.get(other).is_some_and(|ancestors| ancestors.contains(&task))
    }

    pub(crate) fn ancestors(&self, task: usize) -> impl Iterator<Item = usize> {
        self.ancestors.get(task).into_iter().flatten().copied()
    }

    /// Where another task of the template waits for this one.
    pub(crate) fn waiting(&self, name: &str) -> Option<&Place> {
        self.edges.iter().find(|edge| edge.before == name).map(|edge| &edge.place)
    }

    /// How the tasks may end; nothing where they wait for each other.
    pub(crate) fn outcomes(&self) -> Option<&Outcomes> {
        self.outcomes.get_or_init(|| Outcomes::of(self)).as_ref()
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

fn ancestors(tasks: usize, edges: &[Edge<'_>], index: &BTreeMap<&str, usize>) -> Vec<BTreeSet<usize>> {
    let mut before = vec![Vec::new(); tasks];
    for edge in edges {
        if let Some(idx) = index.get(edge.before) {
            before[edge.waiting].push(*idx);
        }
    }
    let reach = |task: usize| {
        let mut seen = BTreeSet::new();
        let mut open = before[task].clone();
        while let Some(next) = open.pop() {
            if seen.insert(next) {
                open.extend(&before[next]);
            }
        }
        seen
    };
    (0..tasks).map(reach).collect()
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
