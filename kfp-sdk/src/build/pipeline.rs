//! The builder that pipeline functions are given.

use std::marker::PhantomData;
use std::panic::Location;

use super::call::Call;
use super::draft::{ArmDraft, KindDraft, LoopDraft, TaskDraft};
use super::exit::Guard;
use super::repeat::{Items, Loop};
use super::session;
use super::task::{Task, TaskRef};
use super::when::When;
use super::yields::Yield;
use crate::handle::{Expr, IntoCond, IntoInput, Node, Out};
use crate::value::Value;

/// A pipeline that is being built: the first parameter of every pipeline function.
///
/// There is one for each pipeline. What is added goes to the body that the call stands in, whichever `p` is
/// used.
pub struct Pipeline {
    build: u32,
    not_send: PhantomData<*const ()>,
}

impl Pipeline {
    pub(super) fn of(build: u32) -> Self {
        Self { build, not_send: PhantomData }
    }

    /// Adds a task.
    #[track_caller]
    pub fn add<O: Copy>(&self, call: impl Call<Outputs = O>) -> Task<O> {
        let location = Location::caller();
        let (call, outputs) = call.finish();
        let task = self.add_draft(call.into_draft(location));
        Task::new(task, outputs(task))
    }

    /// A constant as a handle, for lists and branches that mix constants and handles.
    #[track_caller]
    pub fn constant<T: Value>(&self, value: impl IntoInput<T>) -> Out<T> {
        let Expr(node) = value.into_input();
        Out::of(node)
    }

    /// Runs `body` if a condition holds. `name` is what people see of this branch.
    #[track_caller]
    pub fn when<R>(
        &self,
        name: &str,
        condition: impl IntoCond,
        body: impl FnOnce(&Self) -> R,
    ) -> When<'_, R> {
        let location = Location::caller();
        let branch = KindDraft::Branch { arms: Vec::new(), otherwise: None };
        let task = self.add_draft(TaskDraft::new(name, branch, location));
        When::new(self, task).arm(name, condition, body)
    }

    /// Repeats a body for each item of a list.
    #[track_caller]
    pub fn parallel_for<T: Value, I: Items<T>>(&self, items: I) -> Loop<'_, T> {
        let Expr(items) = items.into_items();
        let body = self.new_region();
        let repeat = LoopDraft { items, parallelism: None, max_items: None, body };
        let task = self.add_draft(TaskDraft::new("for-each", KindDraft::Loop(repeat), Location::caller()));
        Loop::new(self, task, body)
    }

    /// Runs a body whose end, however it comes, is told to an exit task.
    #[track_caller]
    pub fn exit_handler<R: Yield>(&self, body: impl FnOnce(&Self) -> R) -> Guard<'_, R> {
        let regions = (self.new_region(), self.new_region());
        let guard = KindDraft::Guard { body: regions.0, exit: regions.1 };
        let task = self.add_draft(TaskDraft::new("exit-handler", guard, Location::caller()));
        let values = self.in_region(regions.0, || body(self));
        self.record(regions.0, &values);
        Guard::new(self, task, regions.1)
    }

    fn add_draft(&self, task: TaskDraft) -> TaskRef {
        session::with_build(self.build, |build| build.add(task)).unwrap_or(TaskRef::DEAD)
    }

    pub(super) fn add_arm(&self, task: TaskRef, arm: ArmDraft) {
        session::with_task(task, |draft| {
            if let KindDraft::Branch { arms, .. } = &mut draft.kind {
                arms.push(arm);
            }
        });
    }

    pub(super) fn new_region(&self) -> usize {
        session::with_build(self.build, super::draft::Build::new_region).unwrap_or_default()
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
        session::with_build(self.build, |build| build.open.push(region));
        let _leave = Leave(self.build);
        body()
    }

    /// Notes what a body returned as what its region yields.
    pub(super) fn record<R: Yield>(&self, region: usize, values: &R) {
        let mut yields = Vec::new();
        values.record("value", &mut yields);
        session::with_build(self.build, |build| build.regions[region].yields = yields);
    }

    /// A value that the run of the pipeline supplies.
    pub(super) fn node<T: Value>(&self, task: TaskRef, node: Node) -> Out<T> {
        Out::from_raw(session::note_of_task(task, node))
    }
}

/// The handle of a parameter of the pipeline that is being built.
#[track_caller]
pub fn input<T: Value>(name: &'static str) -> Out<T> {
    Out::of(Node::Input(name))
}
