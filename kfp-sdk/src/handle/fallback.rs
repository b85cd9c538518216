//! Fallbacks for absent values.

use serde_json::Value as Json;

use super::expr::Expr;
use super::into_input::IntoInput;
use super::out::Out;
use crate::notes::Node;
use crate::value::{Optional, Value};

impl<T: Value> Out<T> {
    /// Returns the value, or `fallback` if it is absent.
    ///
    /// Use it for options, for outputs of tasks that may be skipped, and for the arguments of a task that
    /// [ignores upstream failures](crate::Task::ignore_upstream_failure).
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
        Out::of(Node::FirstPresent(vec![Node::Handle(self.raw()), fallback]))
    }

    /// Returns the value as an option, for an output of a task that may be skipped.
    ///
    /// A task may be skipped if it runs after a branch that may take no arm, or uses an output of such a task.
    ///
    /// ```
    /// # use kfp_sdk::prelude::*;
    /// # #[component]
    /// # fn echo(message: String) -> String { message }
    /// #[pipeline]
    /// fn greeting(p: &Pipeline, loud: In<bool>) -> Out<Option<String>> {
    ///     let branch = p.when("loud", loud, |p| p.add(Echo::new().message("!")));
    ///     p.add(Echo::new().message("hello")).name("hello").after(&branch).output.or_none()
    /// }
    /// # assert_eq!(Greeting::definition().problems, []);
    /// ```
    #[track_caller]
    pub fn or_none(self) -> Out<Optional<T>> {
        Out::of(Node::FirstPresent(vec![Node::Handle(self.raw()), Node::Constant(Json::Null)]))
    }
}
