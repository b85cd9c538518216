//! Tasks and bodies of a pipeline, as all that adds them sees them.

use std::panic::Location;

use super::draft::{Build, TaskDraft};
use super::pipeline::Pipeline;
use super::session;
use super::yields::Yield;
use crate::handle::Out;
use crate::notes::{Node, TaskRef, note_of_task};
use crate::value::Value;

impl Pipeline {
    /// Adds a task to the body that is being run.
    pub(super) fn add_draft(&self, task: TaskDraft, location: &'static Location<'static>) -> TaskRef {
        session::with_build(self.build(), |build| build.add(task, location)).unwrap_or(TaskRef::DEAD)
    }

    pub(super) fn new_region(&self) -> usize {
        session::with_build(self.build(), Build::new_region).unwrap_or_default()
    }

    /// Runs `body` with the region as the one that tasks are added to, and closes the region also where the
    /// body panics.
    pub(super) fn in_region<R>(&self, region: usize, body: impl FnOnce() -> R) -> R {
        struct Leave(u32);
        impl Drop for Leave {
            fn drop(&mut self) {
                session::with_build(self.0, |build| build.open.pop());
            }
        }
        session::with_build(self.build(), |build| build.open.push(region));
        let _leave = Leave(self.build());
        body()
    }

    /// Notes what a body returned as what its region yields.
    pub(super) fn record<R: Yield>(&self, region: usize, values: &R) {
        let mut yields = Vec::new();
        values.record("value", &mut yields);
        session::with_build(self.build(), |build| build.regions[region].yields = yields);
    }

    /// A value that the run of the pipeline supplies.
    pub(super) fn node<T: Value>(&self, task: TaskRef, node: Node) -> Out<T> {
        Out::from_raw(note_of_task(task, node))
    }
}
