//! Exit handlers.

use std::marker::PhantomData;
use std::panic::Location;

use super::draft::{KindDraft, TaskDraft};
use super::group::{Before, Group};
use super::pipeline::Pipeline;
use super::session;
use super::task::Task;
use super::yields::{Source, Yield};
use crate::handle::{FinalStatus, Out};
use crate::notes::{Node, TaskRef};

/// A group of tasks that waits for its exit task: `.finally(..)` adds it.
#[must_use = "an exit handler needs its exit task: add it with `.finally(..)`"]
pub struct ExitHandler<'p, R> {
    pipeline: &'p Pipeline,
    task: TaskRef,
    exit: usize,
    values: PhantomData<fn() -> R>,
}

impl Pipeline {
    /// Runs a body; an exit task receives how it ended, whatever that was.
    #[track_caller]
    pub fn exit_handler<R: Yield>(&self, body: impl FnOnce(&Self) -> R) -> ExitHandler<'_, R> {
        let regions = (self.new_region(), self.new_region());
        let guard = KindDraft::ExitHandler { body: regions.0, exit: regions.1 };
        let task = self.add_draft(TaskDraft::new("exit-handler", guard), Location::caller());
        let values = self.in_region(regions.0, || body(self));
        self.record(regions.0, &values);
        ExitHandler::new(self, task, regions.1)
    }
}

impl<'p, R: Yield> ExitHandler<'p, R> {
    fn new(pipeline: &'p Pipeline, task: TaskRef, exit: usize) -> Self {
        Self { pipeline, task, exit, values: PhantomData }
    }

    /// The group with its exit task as something that `.after(..)` takes.
    pub fn group(&self) -> Group {
        Group::of(self.task)
    }

    /// Runs the group after a task, although it takes no value of it.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    /// Adds the exit task, which runs when the group has ended, however it did.
    ///
    /// `exit` is given how the group ended, and what the group's body returned, where it got that far. It
    /// adds one task and returns it.
    pub fn finally<O: Copy>(
        self,
        exit: impl FnOnce(&Pipeline, Out<FinalStatus>, R::Maybe) -> Task<O>,
    ) -> R::Outside {
        let status = self.pipeline.node(self.task, Node::Status(self.task));
        let values = R::maybe(&Source::guarded_by(self.task), "value");
        self.pipeline.in_region(self.exit, || exit(self.pipeline, status, values));
        R::outside(&Source::outputs_of(self.task), "value")
    }
}
