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
    message = "a `{Self}` cannot be compared",
    label = "only numbers, texts, truth values and enums can be compared",
    note = "an option is compared after `.or(fallback)`, and asked whether it has a value by `.is_some()`"
)]
pub trait Scalar: Value {
    /// What the type can be compared with: types of the same kind.
    type Kind;
}

/// The kind of numbers.
#[derive(Debug)]
pub enum Number {}

/// The kind of texts and enums.
#[derive(Debug)]
pub enum Words {}

/// The kind of truth values.
#[derive(Debug)]
pub enum Truth {}

/// A kind that has an order.
#[diagnostic::on_unimplemented(
    message = "only numbers have an order",
    label = "texts and truth values are compared by `.eq(..)` and `.ne(..)`"
)]
pub trait Ordered {}

impl Ordered for Number {}

/// What a `T` can be compared with.
#[diagnostic::on_unimplemented(
    message = "a `{T}` cannot be compared with `{Self}`",
    label = "not comparable with a `{T}`"
)]
pub trait CompareWith<T> {
    /// The value as an expression.
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
    String: Words, with String;
    bool: Truth, with bool;
    i32: Number, with i32, f64;
    i64: Number, with i64, f64;
    u32: Number, with u32, f64;
    f32: Number, with f32, i64;
    f64: Number, with f64, i64;
    State: Words, with State;
    FailureClass: Words, with FailureClass;
}

#[diagnostic::do_not_recommend]
impl CompareWith<String> for &str {
    fn into_operand(self) -> Expr {
        Expr::constant(Ok(Json::from(self)))
    }
}

/// One comparison for each operator, each with its sentence.
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
    /// Whether the number is greater than the other one.
    gt = Greater where Ordered;
    /// Whether the number is greater than the other one or the same.
    ge = GreaterOrEqual where Ordered;
    /// Whether the number is smaller than the other one.
    lt = Less where Ordered;
    /// Whether the number is smaller than the other one or the same.
    le = LessOrEqual where Ordered;
    /// Whether the value is the same as the other one.
    eq = Equal;
    /// Whether the value is not the same as the other one.
    ne = NotEqual;
}
