//! The types of items and outputs that were found so far.

use std::collections::{BTreeMap, HashMap};

use kfp_model::{TaskId, Type};

/// The types of items of loops, and of the outputs of branches, loops and exit handlers.
#[derive(Debug, Default)]
pub(crate) struct Types<'a> {
    outputs: HashMap<&'a TaskId, BTreeMap<&'a str, Type>>,
    items: HashMap<&'a TaskId, Type>,
}

/// What was found in one step.
pub(super) enum Found<'a> {
    /// The type is unknown.
    Nothing,
    /// The type of one item of a loop.
    Item(&'a TaskId, Type),
    /// The types of the outputs of a task.
    Outputs(&'a TaskId, BTreeMap<&'a str, Type>),
}

impl<'a> Types<'a> {
    /// Adds what was found.
    pub(super) fn add(&mut self, found: Found<'a>) {
        match found {
            Found::Item(id, item) => {
                self.items.insert(id, item);
            }
            Found::Outputs(id, outputs) if !outputs.is_empty() => {
                self.outputs.insert(id, outputs);
            }
            Found::Outputs(..) | Found::Nothing => {}
        }
    }

    /// The type of one item of the loop.
    pub(crate) fn item(&self, task: &TaskId) -> Option<&Type> {
        self.items.get(task)
    }

    /// The type of an output of a branch, loop or exit handler.
    pub(crate) fn output(&self, task: &TaskId, name: &str) -> Option<&Type> {
        self.outputs.get(task)?.get(name)
    }
}
