//! What may be given to an input.

use super::expr::Expr;
use super::fits::Fits;
use super::out::Out;
use crate::value::Value;

/// What may be given to an input of type `T`: handles of types that fit, and constants.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be given to an input of type `{T}`",
    label = "expected a `{T}` or an `Out<{T}>`"
)]
pub trait IntoInput<T> {
    /// The value as an expression.
    fn into_input(self) -> Expr;
}

#[diagnostic::do_not_recommend]
impl<A: Value + Fits<T>, T> IntoInput<T> for Out<A> {
    fn into_input(self) -> Expr {
        Expr::handle(self.raw())
    }
}
