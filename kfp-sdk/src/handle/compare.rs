//! Comparisons of handles with constants and with each other.

use kfp_model::Operator;
use serde_json::Value as Json;

use super::condition::Cond;
use super::expr::Expr;
use super::out::Out;
use crate::notes::{ConditionNode, Node};
use crate::runtime::{FailureClass, Param as _, State};
use crate::value::Value;

/// A type whose values can be compared.
#[diagnostic::on_unimplemented(
    message = "cannot compare values of type `{Self}`",
    label = "expected a number, string, boolean or enum",
    note = "compare an option after `.or(fallback)`; use `.is_some()` to check whether it has a value"
)]
pub trait Scalar: Value {
    /// The kind of the type. Values can be compared with values of the same kind.
    type Kind;
}

/// The kind of numeric types.
#[derive(Debug)]
pub enum NumberKind {}

/// The kind of strings and enums.
#[derive(Debug)]
pub enum StringKind {}

/// The kind of booleans.
#[derive(Debug)]
pub enum BooleanKind {}

/// A kind whose values are ordered.
#[diagnostic::on_unimplemented(
    message = "only numbers are ordered",
    label = "use `.eq(..)` or `.ne(..)` for strings, booleans and enums"
)]
pub trait Ordered {}

impl Ordered for NumberKind {}

/// A value that a `T` can be compared with.
#[diagnostic::on_unimplemented(
    message = "cannot compare `{T}` with `{Self}`",
    label = "not comparable with `{T}`"
)]
pub trait CompareWith<T> {
    /// Returns the value as an expression.
    fn into_operand(self) -> Expr;
}

#[diagnostic::do_not_recommend]
impl<A: Scalar, T: Scalar<Kind = A::Kind>> CompareWith<T> for Out<A> {
    fn into_operand(self) -> Expr {
        Expr::handle(self.raw())
    }
}

macro_rules! scalars {
    ($($type:ty: $kind:ty, with $($constant:ty),+;)*) => {$(
        impl Scalar for $type {
            type Kind = $kind;
        }

        $(
            #[diagnostic::do_not_recommend]
            impl CompareWith<$type> for $constant {
                fn into_operand(self) -> Expr {
                    Expr::constant(self.encode())
                }
            }
        )+
    )*};
}

scalars! {
    String: StringKind, with String;
    bool: BooleanKind, with bool;
    i32: NumberKind, with i32, f64;
    i64: NumberKind, with i64, f64;
    u32: NumberKind, with u32, f64;
    f32: NumberKind, with f32, i64;
    f64: NumberKind, with f64, i64;
    State: StringKind, with State;
    FailureClass: StringKind, with FailureClass;
}

#[diagnostic::do_not_recommend]
impl CompareWith<String> for &str {
    fn into_operand(self) -> Expr {
        Expr::constant(Ok(Json::from(self)))
    }
}

/// Defines a comparison method for each operator.
macro_rules! comparisons {
    ($($(#[$doc:meta])* $name:ident = $operator:ident $(where $order:ident)?;)*) => {
        impl<T: Value> Out<T> {$(
            $(#[$doc])*
            #[track_caller]
            pub fn $name(self, other: impl CompareWith<T>) -> Cond
            where
                T: Scalar,
                $(T::Kind: $order,)?
            {
                let left = Node::Handle(self.raw());
                let Expr(right) = other.into_operand();
                Cond::of(ConditionNode::Compare(left, Operator::$operator, right))
            }
        )*}
    };
}

comparisons! {
    /// Returns the condition that the number is greater than `other`.
    gt = Greater where Ordered;
    /// Returns the condition that the number is greater than or equal to `other`.
    ge = GreaterOrEqual where Ordered;
    /// Returns the condition that the number is less than `other`.
    lt = Less where Ordered;
    /// Returns the condition that the number is less than or equal to `other`.
    le = LessOrEqual where Ordered;
    /// Returns the condition that the value equals `other`.
    eq = Equal;
    /// Returns the condition that the value does not equal `other`.
    ne = NotEqual;
}
