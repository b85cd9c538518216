//! Loops.

use std::marker::PhantomData;
use std::panic::Location;

use super::draft::{KindDraft, LoopDraft, TaskDraft};
use super::group::{Before, Group};
use super::pipeline::Pipeline;
use super::session;
use super::yields::{Producer, Yield};
use crate::handle::{Expr, IntoInput, Out};
use crate::notes::{Node, TaskRef};
use crate::runtime::Param;
use crate::value::Value;

/// A list that a loop can iterate over: constants, or the handle of a list.
#[diagnostic::on_unimplemented(
    message = "cannot loop over `{Self}`",
    label = "expected an array, a `Vec` or the handle of a list"
)]
pub trait Items<T> {
    /// Returns the list as an expression.
    fn into_items(self) -> Expr;
}

/// A loop whose body has not been added yet: call [`each`](Self::each).
#[must_use = "a loop does nothing until `.each(..)` adds its body"]
pub struct Loop<'p, T> {
    pipeline: &'p Pipeline,
    task: TaskRef,
    body: usize,
    item: PhantomData<fn() -> T>,
}

impl Pipeline {
    /// Adds a loop, which runs a body for each item of a list, in parallel.
    #[track_caller]
    pub fn parallel_for<T: Value, I: Items<T>>(&self, items: I) -> Loop<'_, T> {
        let Expr(items) = items.into_items();
        let body = self.new_region();
        let draft = LoopDraft { items, parallelism: None, max_items: None, body };
        let task = self.add_draft(TaskDraft::new("for-each", KindDraft::Loop(draft)), Location::caller());
        Loop::new(self, task, body)
    }
}

impl<'p, T: Value> Loop<'p, T> {
    fn new(pipeline: &'p Pipeline, task: TaskRef, body: usize) -> Self {
        Self { pipeline, task, body, item: PhantomData }
    }

    /// Sets the maximum number of iterations that run at once.
    pub fn parallelism(self, limit: u32) -> Self {
        self.change(|draft| draft.parallelism = Some(limit))
    }

    /// Sets the maximum number of items that the list may have. The default is 1,000.
    pub fn max_items(self, limit: u32) -> Self {
        self.change(|draft| draft.max_items = Some(limit))
    }

    /// Names the loop.
    pub fn name(self, name: &str) -> Self {
        session::with_task(self.task, |draft| draft.name = Some(name.to_owned()));
        self
    }

    /// Returns the loop as a value for `.after(..)`.
    pub fn group(&self) -> Group {
        Group::of(self.task)
    }

    /// Runs the loop after a task, without using an output of the task.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    /// Adds the body, which runs for each item. The values that it returns are collected in lists, in the order of the
    /// items.
    pub fn each<R: Yield>(self, body: impl FnOnce(&Pipeline, Out<T>) -> R) -> R::Collected {
        let item = self.pipeline.node(self.task, Node::Item(self.task));
        let values = self.pipeline.in_region(self.body, || body(self.pipeline, item));
        self.pipeline.record(self.body, &values);
        R::collected(&Producer::outputs_of(self.task), "value")
    }

    fn change(self, change: impl FnOnce(&mut LoopDraft)) -> Self {
        session::with_task(self.task, |draft| {
            if let KindDraft::Loop(draft) = &mut draft.kind {
                change(draft);
            }
        });
        self
    }
}

#[diagnostic::do_not_recommend]
impl<T: Value> Items<T> for Out<Vec<T>> {
    fn into_items(self) -> Expr {
        Expr::handle(self.raw())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param> Items<T> for Vec<T> {
    fn into_items(self) -> Expr {
        Expr::constant(self.encode())
    }
}

#[diagnostic::do_not_recommend]
impl<T: Param, const N: usize> Items<T> for [T; N] {
    fn into_items(self) -> Expr {
        Expr::constant(Vec::from(self).encode())
    }
}

#[diagnostic::do_not_recommend]
impl<const N: usize> Items<String> for [&str; N] {
    fn into_items(self) -> Expr {
        IntoInput::<Vec<String>>::into_input(self)
    }
}
