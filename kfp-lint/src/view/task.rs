//! Tasks of a DAG and steps of a list of steps.

use super::{Call, Hook, Spot, Values};

/// What makes one task many.
const LOOPS: [&str; 3] = ["withItems", "withParam", "withSequence"];

/// A task of a DAG, or a step.
#[derive(Debug)]
pub(crate) struct Task<'a> {
    /// The name, which is empty where there is none.
    pub(crate) name: &'a str,
    /// For steps, which group it stands in; 0 for tasks.
    pub(crate) group: usize,
    pub(crate) spot: Spot<'a>,
    pub(crate) call: Call<'a>,
    pub(crate) arguments: Values<'a>,
    pub(crate) hooks: Vec<Hook<'a>>,
}

impl<'a> Task<'a> {
    pub(super) fn of(spot: Spot<'a>, group: usize) -> Self {
        Self {
            name: spot.text_at("name").unwrap_or_default(),
            group,
            call: Call::of(&spot),
            arguments: Values::of(spot.get("arguments")),
            hooks: Hook::all(&spot),
            spot,
        }
    }

    /// What it runs over: an empty list and an empty text are none, as for Argo.
    pub(crate) fn loops(&self) -> impl Iterator<Item = (&'static str, Spot<'a>)> {
        LOOPS.into_iter().filter_map(|key| {
            let spot = self.spot.get(key)?;
            let is_empty = match key {
                "withItems" => spot.tree.items().is_empty(),
                "withParam" => spot.text().is_none(),
                _ => false,
            };
            (!is_empty).then_some((key, spot))
        })
    }

    pub(crate) fn is_loop(&self) -> bool {
        self.loops().next().is_some()
    }

    pub(crate) fn when(&self) -> Option<Spot<'a>> {
        self.spot.get("when").filter(|when| when.text().is_some())
    }

    pub(crate) fn depends(&self) -> Option<Spot<'a>> {
        self.spot.get("depends").filter(|depends| depends.text().is_some())
    }

    pub(crate) fn dependencies(&self) -> impl Iterator<Item = Spot<'a>> {
        self.spot.list("dependencies").filter(|dependency| dependency.text().is_some())
    }

    /// Whether the template goes on after this task failed, as `continueOn` says.
    pub(crate) fn continues_on(&self, what: &str) -> bool {
        self.spot.get("continueOn").is_some_and(|on| on.is_true(what))
    }

    /// What to call it in messages, and where it is named.
    pub(crate) fn names(&self) -> kfp_model::Place {
        self.spot.place_of("name")
    }
}
