//! Exit handlers.

use std::marker::PhantomData;
use std::panic::Location;

use super::draft::{KindDraft, TaskDraft};
use super::group::{Before, Group};
use super::pipeline::Pipeline;
use super::session;
use super::task::Task;
use super::yields::{Producer, Yield};
use crate::handle::{FinalStatus, Out};
use crate::notes::{Node, TaskRef};

/// An exit handler whose exit task has not been added yet: call [`finally`](Self::finally).
#[must_use = "an exit handler needs its exit task: add it with `.finally(..)`"]
pub struct ExitHandler<'p, R> {
    pipeline: &'p Pipeline,
    task: TaskRef,
    exit: usize,
    values: PhantomData<fn() -> R>,
}

impl Pipeline {
    /// Adds the tasks of a body as a group with an exit task, which runs when the group succeeds or fails.
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// # #[component]
    /// # fn count(table: String) -> i64 {
    /// #     i64::try_from(table.len()).unwrap_or(i64::MAX)
    /// # }
    /// # #[component]
    /// # fn report(state: State, rows: Option<i64>) {
    /// #     eprintln!("{state:?}: {rows:?}");
    /// # }
    /// #[pipeline]
    /// fn counting(p: &Pipeline, table: In<String>) {
    ///     p.exit_handler(|p| p.add(Count::new().table(table)).output)
    ///         .finally(|p, status, rows| p.add(Report::new().state(status.state()).rows(rows)));
    /// }
    /// # assert_eq!(Counting::definition().problems, []);
    /// ```
    #[track_caller]
    pub fn exit_handler<R: Yield>(&self, body: impl FnOnce(&Self) -> R) -> ExitHandler<'_, R> {
        let regions = (self.new_region(), self.new_region());
        let handler = KindDraft::ExitHandler { body: regions.0, exit: regions.1 };
        let task = self.add_draft(TaskDraft::new("exit-handler", handler), Location::caller());
        let values = self.in_region(regions.0, || body(self));
        self.record(regions.0, &values);
        ExitHandler::new(self, task, regions.1)
    }
}

impl<'p, R: Yield> ExitHandler<'p, R> {
    fn new(pipeline: &'p Pipeline, task: TaskRef, exit: usize) -> Self {
        Self { pipeline, task, exit, values: PhantomData }
    }

    /// Returns the group and its exit task as a value for `.after(..)`.
    pub fn group(&self) -> Group {
        Group::of(self.task)
    }

    /// Runs the group after a task, without using an output of the task.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    /// Adds the exit task, which runs after the group, even if the group fails.
    ///
    /// `exit` receives the final status of the group and the values that the body returned, as options: a value is
    /// absent if the group failed before it was computed. `exit` must add one task and return it.
    pub fn finally<O: Copy>(
        self,
        exit: impl FnOnce(&Pipeline, Out<FinalStatus>, R::Optional) -> Task<O>,
    ) -> R::Outside {
        let status = self.pipeline.node(self.task, Node::Status(self.task));
        let values = R::optional(&Producer::body_of(self.task), "value");
        self.pipeline.in_region(self.exit, || exit(self.pipeline, status, values));
        R::outside(&Producer::outputs_of(self.task), "value")
    }
}
