//! The types of loop items and outputs that are resolved so far.

use std::collections::{BTreeMap, HashMap};

use kfp_model::{TaskId, Type};

/// The types of loop items, and of the outputs of branches, loops and exit handlers.
#[derive(Debug, Default)]
pub(crate) struct Types<'a> {
    outputs: HashMap<&'a TaskId, BTreeMap<&'a str, Type>>,
    items: HashMap<&'a TaskId, Type>,
}

/// The result of one resolution step.
pub(super) enum Found<'a> {
    /// The type is unknown.
    Unknown,
    /// The type of one item of a loop.
    Item(&'a TaskId, Type),
    /// The types of the outputs of a task.
    Outputs(&'a TaskId, BTreeMap<&'a str, Type>),
}

impl<'a> Types<'a> {
    /// Adds the result of a resolution step.
    pub(super) fn add(&mut self, found: Found<'a>) {
        match found {
            Found::Item(id, item) => {
                self.items.insert(id, item);
            }
            Found::Outputs(id, outputs) if !outputs.is_empty() => {
                self.outputs.insert(id, outputs);
            }
            Found::Outputs(..) | Found::Unknown => {}
        }
    }

    /// Returns the type of the items of a loop.
    pub(crate) fn item(&self, task: &TaskId) -> Option<&Type> {
        self.items.get(task)
    }

    /// Returns the type of an output of a branch, loop or exit handler.
    pub(crate) fn output(&self, task: &TaskId, name: &str) -> Option<&Type> {
        self.outputs.get(task)?.get(name)
    }
}
