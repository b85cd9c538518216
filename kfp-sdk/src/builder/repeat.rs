//! Loops.

use std::marker::PhantomData;
use std::panic::Location;

use super::draft::{KindDraft, LoopDraft, TaskDraft};
use super::group::{Before, Group};
use super::pipeline::Pipeline;
use super::session;
use super::yields::{Source, Yield};
use crate::handle::{Expr, IntoInput, Out};
use crate::notes::{Node, TaskRef};
use crate::runtime::Param;
use crate::value::Value;

/// What a loop goes through: a list of constants, or the handle of a list.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no list to loop over",
    label = "expected an array, a `Vec` or the handle of a list"
)]
pub trait Items<T> {
    /// The list as an expression.
    fn into_items(self) -> Expr;
}

/// A loop, as `p.parallel_for(..)` gives it: `.each(..)` says what it repeats.
#[must_use = "a loop repeats nothing until it is given a body by `.each(..)`"]
pub struct Loop<'p, T> {
    pipeline: &'p Pipeline,
    task: TaskRef,
    body: usize,
    item: PhantomData<fn() -> T>,
}

impl Pipeline {
    /// Repeats a body for each item of a list.
    #[track_caller]
    pub fn parallel_for<T: Value, I: Items<T>>(&self, items: I) -> Loop<'_, T> {
        let Expr(items) = items.into_items();
        let body = self.new_region();
        let repeat = LoopDraft { items, parallelism: None, max_items: None, body };
        let task = self.add_draft(TaskDraft::new("for-each", KindDraft::Loop(repeat)), Location::caller());
        Loop::new(self, task, body)
    }
}

impl<'p, T: Value> Loop<'p, T> {
    fn new(pipeline: &'p Pipeline, task: TaskRef, body: usize) -> Self {
        Self { pipeline, task, body, item: PhantomData }
    }

    /// The most iterations that run at once.
    pub fn parallelism(self, most: u32) -> Self {
        self.change(|repeat| repeat.parallelism = Some(most))
    }

    /// The most items that the list may have, 1,000 where nothing is said.
    pub fn max_items(self, most: u32) -> Self {
        self.change(|repeat| repeat.max_items = Some(most))
    }

    /// Names the loop.
    pub fn name(self, name: &str) -> Self {
        session::with_task(self.task, |draft| draft.given = Some(name.to_owned()));
        self
    }

    /// The loop as something that `.after(..)` takes.
    pub fn group(&self) -> Group {
        Group::of(self.task)
    }

    /// Begins the loop after a task, although it takes no value of it.
    #[track_caller]
    pub fn after(self, other: &impl Before) -> Self {
        session::add_after(self.task, other.before());
        self
    }

    /// Says what is done for each item. What the body returns is collected in lists, in the order of the
    /// items.
    pub fn each<R: Yield>(self, body: impl FnOnce(&Pipeline, Out<T>) -> R) -> R::Collected {
        let item = self.pipeline.node(self.task, Node::Item(self.task));
        let values = self.pipeline.in_region(self.body, || body(self.pipeline, item));
        self.pipeline.record(self.body, &values);
        R::collected(&Source::outputs_of(self.task), "value")
    }

    fn change(self, change: impl FnOnce(&mut LoopDraft)) -> Self {
        session::with_task(self.task, |draft| {
            if let KindDraft::Loop(repeat) = &mut draft.kind {
                change(repeat);
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
