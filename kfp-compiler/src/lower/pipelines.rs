//! The pipelines that one workflow consists of: the one that is lowered, and all that it calls.

use std::collections::{BTreeMap, BTreeSet};

use kfp_model::{Call, Callee, TaskId, TaskKind};

use crate::check::Checked;

/// The pipelines by name, and which of them call each other in a circle.
pub(super) struct Pipelines<'c, 'a> {
    root: &'c Checked<'a>,
    called: BTreeMap<&'a str, Checked<'a>>,
    /// What each pipeline calls, directly or through others.
    reached: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

/// A call with a bound, whose depth is counted: the pipeline that it stands in, and the task.
pub(super) type Counter<'a> = (&'a str, &'a TaskId);

impl<'c, 'a> Pipelines<'c, 'a> {
    pub(super) fn of(root: &'c Checked<'a>) -> Self {
        let name = root.pipeline().name.as_str();
        let mut called: BTreeMap<&'a str, Checked<'a>> = BTreeMap::new();
        let mut calls: BTreeMap<&'a str, BTreeSet<&'a str>> = BTreeMap::from([(name, callees(root))]);
        let mut waiting: Vec<&'a str> = calls[name].iter().copied().collect();
        while let Some(next) = waiting.pop() {
            if !calls.contains_key(next) {
                let checked = root.called(next);
                let callees = callees(&checked);
                waiting.extend(&callees);
                calls.insert(next, callees);
                called.insert(next, checked);
            }
        }
        let reached = calls.keys().map(|name| (*name, reach(&calls, name))).collect();
        Self { root, called, reached }
    }

    /// The pipeline of that name.
    pub(super) fn get(&self, name: &str) -> &Checked<'a> {
        if name == self.root.pipeline().name { self.root } else { &self.called[name] }
    }

    /// All of them, the one that is lowered first, the others by name.
    pub(super) fn all(&self) -> impl Iterator<Item = &Checked<'a>> {
        std::iter::once(self.root).chain(self.called.values())
    }

    /// Whether the pipeline calls itself, directly or through others.
    pub(super) fn is_recursive(&self, name: &str) -> bool {
        self.are_in_circle(name, name)
    }

    /// Whether a call of `callee` in `caller` can come back to `caller`.
    pub(super) fn are_in_circle(&self, caller: &str, callee: &str) -> bool {
        let reaches =
            |from: &str, to: &str| self.reached.get(from).is_some_and(|reached| reached.contains(to));
        reaches(caller, callee) && reaches(callee, caller)
    }

    /// The pipeline and all that it calls, directly or through others.
    pub(super) fn with_called(&self, name: &str) -> Vec<&Checked<'a>> {
        let called = self.reached.get(name).into_iter().flatten().copied().filter(|other| *other != name);
        [name].into_iter().chain(called).map(|name| self.get(name)).collect()
    }

    /// The bounded calls of the circle that the pipeline is part of.
    pub(super) fn counters(&self, name: &str) -> Vec<Counter<'a>> {
        let members = self.all().filter(|other| self.are_in_circle(name, &other.pipeline().name));
        members.flat_map(|checked| bounded(checked)).collect()
    }
}

/// The calls of a pipeline that have a bound.
fn bounded<'a>(checked: &Checked<'a>) -> Vec<Counter<'a>> {
    let name = checked.pipeline().name.as_str();
    let is_bounded = |kind: &TaskKind| matches!(kind, TaskKind::Call(Call { max_depth: Some(_), .. }));
    checked.nodes().filter(|node| is_bounded(&node.task.kind)).map(|node| (name, &node.task.id)).collect()
}

fn callees<'a>(checked: &Checked<'a>) -> BTreeSet<&'a str> {
    let callee = |kind: &'a TaskKind| match kind {
        TaskKind::Call(Call { callee: Callee::Pipeline(name), .. }) => Some(name.as_str()),
        _ => None,
    };
    checked.nodes().filter_map(|node| callee(&node.task.kind)).collect()
}

fn reach<'a>(calls: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&'a str> = calls[from].iter().copied().collect();
    while let Some(next) = waiting.pop() {
        if reached.insert(next) {
            waiting.extend(&calls[next]);
        }
    }
    reached
}
