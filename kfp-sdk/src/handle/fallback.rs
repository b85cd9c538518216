//! What a handle returns where its value is absent.

use serde_json::Value as Json;

use super::expr::Expr;
use super::into_input::IntoInput;
use super::out::Out;
use crate::notes::Node;
use crate::value::{Optional, Value};

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
        Out::of(Node::FirstPresent(vec![Node::Handle(self.raw()), fallback]))
    }

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
        Out::of(Node::FirstPresent(vec![Node::Handle(self.raw()), Node::Constant(Json::Null)]))
    }
}
