//! Operations that all kinds of tasks use to add tasks and run bodies.

use std::panic::Location;

use super::draft::{Build, TaskDraft};
use super::pipeline::Pipeline;
use super::session;
use super::yields::Yield;
use crate::handle::Out;
use crate::notes::{Node, TaskRef, note_of_task};
use crate::value::Value;

impl Pipeline {
    /// Adds a task to the body that is running.
    pub(super) fn add_draft(&self, task: TaskDraft, location: &'static Location<'static>) -> TaskRef {
        session::with_build(self.build(), |build| build.add(task, location)).unwrap_or(TaskRef::DEAD)
    }

    pub(super) fn new_region(&self) -> usize {
        session::with_build(self.build(), Build::new_region).unwrap_or_default()
    }

    /// Runs `body`, whose tasks are added to the region. Closes the region even if `body` panics.
    pub(super) fn in_region<R>(&self, region: usize, body: impl FnOnce() -> R) -> R {
        struct Close(u32);
        impl Drop for Close {
            fn drop(&mut self) {
                session::with_build(self.0, |build| build.open.pop());
            }
        }
        session::with_build(self.build(), |build| build.open.push(region));
        let _close = Close(self.build());
        body()
    }

    /// Records the values that a body returned as the yields of its region.
    pub(super) fn record<R: Yield>(&self, region: usize, values: &R) {
        let mut yields = Vec::new();
        values.record("value", &mut yields);
        session::with_build(self.build(), |build| build.regions[region].yields = yields);
    }

    /// Returns the handle of a value that belongs to a task.
    pub(super) fn node<T: Value>(&self, task: TaskRef, node: Node) -> Out<T> {
        Out::from_raw(note_of_task(task, node))
    }
}
