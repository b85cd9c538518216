//! The handle of a value.

use std::marker::PhantomData;
use std::ops::Deref;

use serde_json::Value as Json;

use super::{Expr, IntoInput, Node, Raw};
use crate::build;
use crate::value::{Optional, Value};

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
        Self::from_raw(build::note(node))
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

impl<T: Value> Out<T> {
    /// The value, or `fallback` where there is none: of an option, of a task that may be skipped, or of anything that a
    /// task takes which [ignores failures before it](crate::Task::ignore_upstream_failure).
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// fn known(accuracy: Out<Option<f64>>) -> Out<f64> {
    ///     accuracy.or(0.0)
    /// }
    /// ```
    #[track_caller]
    pub fn or(self, fallback: impl IntoInput<T::Present>) -> Out<T::Present> {
        let Expr(fallback) = fallback.into_input();
        Out::of(Node::FirstPresent(vec![Node::Handle(self.raw), fallback]))
    }
}

impl<T: Value> Out<T> {
    /// The value as an option, of a task that may be skipped: it comes after a branch of which no arm may run, or
    /// needs a value of such a task.
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// # #[component]
    /// # fn tell(message: String) -> String { message }
    /// #[pipeline]
    /// fn told(p: &Pipeline, loud: In<bool>) -> Out<Option<String>> {
    ///     let shouted = p.when("loud", loud, |p| p.add(Tell::new().message("!")));
    ///     p.add(Tell::new().message("hello")).name("hello").after(&shouted).output.or_none()
    /// }
    /// # assert_eq!(Told::definition().problems, []);
    /// ```
    #[track_caller]
    pub fn or_none(self) -> Out<Optional<T>> {
        Out::of(Node::FirstPresent(vec![Node::Handle(self.raw), Node::Constant(Json::Null)]))
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
