//! Values that can be passed to an input.

use super::expr::Expr;
use super::fits::Fits;
use super::out::Out;
use crate::value::Value;

/// A value that can be passed to an input of type `T`: a handle of a type that fits, or a constant.
#[diagnostic::on_unimplemented(
    message = "cannot pass `{Self}` to an input of type `{T}`",
    label = "expected `{T}` or `Out<{T}>`",
    note = "pass an output of a task, which is a field of it, rather than the task: `task.output`",
    note = "use `.or(fallback)` for a value that may be absent"
)]
pub trait IntoInput<T> {
    /// Returns the value as an expression.
    fn into_input(self) -> Expr;
}

#[diagnostic::do_not_recommend]
impl<A: Value + Fits<T>, T> IntoInput<T> for Out<A> {
    fn into_input(self) -> Expr {
        Expr::handle(self.raw())
    }
}
