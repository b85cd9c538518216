//! Tasks of a DAG, and steps.

use super::{Call, Hook, Values, YamlNode};

/// The fields that make a task a loop.
const LOOPS: [&str; 3] = ["withItems", "withParam", "withSequence"];

/// A task of a DAG, or a step.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    /// The name; empty if there is none.
    pub(crate) name: &'a str,
    /// The index of the group of a step; 0 for tasks.
    pub(crate) group: usize,
    pub(crate) node: YamlNode<'a>,
    pub(crate) call: Call<'a>,
    pub(crate) arguments: Values<'a>,
    pub(crate) hooks: Vec<Hook<'a>>,
}

impl<'a> Task<'a> {
    pub(super) fn of(node: YamlNode<'a>, group: usize) -> Self {
        Self {
            name: node.text_at("name").unwrap_or_default(),
            group,
            call: Call::of(&node),
            arguments: Values::of(node.get("arguments")),
            hooks: Hook::all(&node),
            node,
        }
    }

    /// Returns the loops of the task. As in Argo, an empty list or string is not a loop.
    pub(crate) fn loops(&self) -> impl Iterator<Item = (&'static str, YamlNode<'a>)> {
        LOOPS.into_iter().filter_map(|key| {
            let node = self.node.get(key)?;
            let is_empty = match key {
                "withItems" => node.tree.items().is_empty(),
                "withParam" => node.text().is_none(),
                _ => false,
            };
            (!is_empty).then_some((key, node))
        })
    }

    pub(crate) fn is_loop(&self) -> bool {
        self.loops().next().is_some()
    }

    pub(crate) fn when(&self) -> Option<YamlNode<'a>> {
        self.node.get("when").filter(|when| when.text().is_some())
    }

    pub(crate) fn depends(&self) -> Option<YamlNode<'a>> {
        self.node.get("depends").filter(|depends| depends.text().is_some())
    }

    pub(crate) fn dependencies(&self) -> impl Iterator<Item = YamlNode<'a>> {
        self.node.list("dependencies").filter(|dependency| dependency.text().is_some())
    }

    /// Returns whether `continueOn` has the given key.
    pub(crate) fn continues_on(&self, what: &str) -> bool {
        self.node.get("continueOn").is_some_and(|on| on.is_true(what))
    }

    /// Returns the place of the name.
    pub(crate) fn name_place(&self) -> kfp_model::Place {
        self.node.place_of("name")
    }
}
