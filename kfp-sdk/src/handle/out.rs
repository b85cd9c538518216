//! The handle of a value.

use std::marker::PhantomData;
use std::ops::Deref;

use super::expr::Expr;
use crate::notes::{Node, Raw, TaskRef, note, note_of_task};
use crate::value::Value;

/// A value of type `T` that a pipeline will have when it runs.
///
/// Handles are `Copy`. They can be given to tasks, compared and put into text with `text!`; they cannot be
/// looked into while the pipeline is built, as there is nothing to see yet.
pub struct Out<T: Value> {
    raw: Raw,
    fields: T::Fields,
    r#type: PhantomData<fn() -> T>,
}

/// A handle that the caller of a pipeline supplies.
pub type In<T> = Out<T>;

impl<T: Value> Out<T> {
    /// A new value of the pipeline that is being built.
    #[track_caller]
    pub(crate) fn of(node: Node) -> Self {
        Self::from_raw(note(node))
    }

    /// The struct of a field.
    #[track_caller]
    pub(crate) fn field(of: Raw, name: &'static str) -> Self {
        Self::of(Node::Field(of, name))
    }

    #[track_caller]
    pub(crate) fn from_expr(Expr(node): Expr) -> Self {
        Self::of(node)
    }

    pub(crate) fn from_raw(raw: Raw) -> Self {
        Self { raw, fields: T::Fields::from(raw), r#type: PhantomData }
    }

    pub(crate) fn raw(self) -> Raw {
        self.raw
    }
}

impl<T: Value> Clone for Out<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Value> Copy for Out<T> {}

impl<T: Value> Deref for Out<T> {
    type Target = T::Fields;

    fn deref(&self) -> &T::Fields {
        &self.fields
    }
}

impl TaskRef {
    /// The handle of an output.
    pub fn output<T: Value>(self, name: &str) -> Out<T> {
        Out::from_raw(note_of_task(self, Node::Output(self, name.to_owned())))
    }
}

/// The handle of a parameter of the pipeline that is being built.
#[track_caller]
pub fn input<T: Value>(name: &'static str) -> Out<T> {
    Out::of(Node::Input(name))
}
