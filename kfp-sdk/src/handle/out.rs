//! Handles of values.

use std::marker::PhantomData;
use std::ops::Deref;

use super::expr::Expr;
use crate::notes::{Node, Raw, TaskRef, note, note_of_task};
use crate::value::Value;

/// A handle of a value of type `T` that exists only when the pipeline runs.
///
/// Handles are `Copy`. You can pass them to tasks, compare them and interpolate them into strings with `text!`. Their
/// values cannot be read while the pipeline is built.
pub struct Out<T: Value> {
    raw: Raw,
    fields: T::Fields,
    r#type: PhantomData<fn() -> T>,
}

/// The handle of a pipeline parameter.
pub type In<T> = Out<T>;

impl<T: Value> Out<T> {
    /// Records a value in the pipeline that is being built.
    #[track_caller]
    pub(crate) fn of(node: Node) -> Self {
        Self::from_raw(note(node))
    }

    /// Returns the handle of a field of a struct.
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
    /// Returns the handle of an output.
    pub fn output<T: Value>(self, name: &str) -> Out<T> {
        Out::from_raw(note_of_task(self, Node::Output(self, name.to_owned())))
    }
}

/// Returns the handle of a parameter of the pipeline that is being built.
#[track_caller]
pub fn input<T: Value>(name: &'static str) -> Out<T> {
    Out::of(Node::Input(name))
}
