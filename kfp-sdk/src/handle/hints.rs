//! Operations on handles that only make sense for values, such as `accuracy > 0.9`.
//!
//! Each is implemented under a condition that no type meets, so that using it is an error. rustc reports the condition,
//! and with it what to write instead. The conditions apply to the types of values, because rustc would otherwise report
//! the operation itself.

use std::cmp::Ordering;
use std::convert::Infallible;
use std::fmt;
use std::marker::PhantomData;
use std::ops::{Add, Div, Mul, Rem, Sub};

use super::out::Out;
use crate::value::Value;

/// The right operand of an operator, for conditions.
#[derive(Debug)]
pub struct Operand<R>(PhantomData<R>);

/// An operand that could be compared with a handle while the pipeline is built.
#[diagnostic::on_unimplemented(
    message = "a handle cannot be compared with an operator",
    label = "the value exists only when the pipeline runs",
    note = "use `.gt(..)`, `.ge(..)`, `.lt(..)`, `.le(..)`, `.eq(..)` or `.ne(..)`, and pass the condition to \
            `p.when(..)`"
)]
pub trait ComparableWhileBuilding<R> {
    /// Compares with the operand.
    fn compare(other: &R) -> Option<Ordering>;
}

/// An operand that could be combined with a handle while the pipeline is built.
#[diagnostic::on_unimplemented(
    message = "cannot calculate with a handle",
    label = "the value exists only when the pipeline runs",
    note = "move the calculation into a step"
)]
pub trait ComputableWhileBuilding<R> {
    /// Combines with the operand.
    fn combine(other: R) -> R;
}

/// Implements the conditions for two types without values: with a single implementation, rustc would infer its type for
/// the operand and report another error.
macro_rules! never {
    ($($type:ty, $value:ident => $empty:expr;)*) => {$(
        #[diagnostic::do_not_recommend]
        impl ComparableWhileBuilding<$type> for Operand<$type> {
            fn compare($value: &$type) -> Option<Ordering> {
                match $empty {}
            }
        }

        #[diagnostic::do_not_recommend]
        impl ComputableWhileBuilding<$type> for Operand<$type> {
            fn combine($value: $type) -> $type {
                $value
            }
        }
    )*};
}

never! {
    Infallible, value => *value;
    [Infallible; 1], value => value[0];
}

impl<T: Value, R> PartialEq<R> for Out<T>
where
    Operand<R>: ComparableWhileBuilding<R>,
{
    fn eq(&self, other: &R) -> bool {
        Operand::<R>::compare(other) == Some(Ordering::Equal)
    }
}

impl<T: Value, R> PartialOrd<R> for Out<T>
where
    Operand<R>: ComparableWhileBuilding<R>,
{
    fn partial_cmp(&self, other: &R) -> Option<Ordering> {
        Operand::<R>::compare(other)
    }
}

macro_rules! operators {
    ($($operator:ident $method:ident),*) => {$(
        impl<T: Value, R> $operator<R> for Out<T>
        where
            Operand<R>: ComputableWhileBuilding<R>,
        {
            type Output = R;

            fn $method(self, other: R) -> R {
                Operand::<R>::combine(other)
            }
        }
    )*};
}

operators!(Add add, Sub sub, Mul mul, Div div, Rem rem);

/// A type whose handles could be formatted while the pipeline is built.
#[diagnostic::on_unimplemented(
    message = "`Out<{Self}>` cannot be formatted",
    label = "the value exists only when the pipeline runs",
    note = "use `text!(\"…{{name}}…\")` to insert the value into a string"
)]
pub trait FormattableWhileBuilding: Value + Sized {
    /// Formats the handle.
    ///
    /// # Errors
    /// The formatter fails.
    fn format(handle: Out<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

impl<T: FormattableWhileBuilding> fmt::Display for Out<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::format(*self, f)
    }
}

impl<T: FormattableWhileBuilding> fmt::Debug for Out<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        T::format(*self, f)
    }
}

/// A type whose handles could be iterated over while the pipeline is built.
#[diagnostic::on_unimplemented(
    message = "cannot iterate over `Out<{Self}>`",
    label = "the items exist only when the pipeline runs",
    note = "use `p.parallel_for(list).each(|p, item| ..)` to run tasks for each item"
)]
pub trait IterableWhileBuilding: Value + Sized {
    /// The type of the items.
    type Item;

    /// Returns the next item.
    fn next(handle: Out<Self>) -> Option<Self::Item>;
}

#[expect(clippy::copy_iterator, reason = "it is never used: no type meets the condition")]
impl<T: IterableWhileBuilding> Iterator for Out<T> {
    type Item = T::Item;

    fn next(&mut self) -> Option<T::Item> {
        T::next(*self)
    }
}

impl<T: Value> Out<Vec<T>> {
    /// Iterates over the items while the pipeline is built, which is an error.
    #[doc(hidden)]
    pub fn iter(self) -> std::vec::IntoIter<Out<T>>
    where
        Vec<T>: IterableWhileBuilding,
    {
        Vec::new().into_iter()
    }

    /// Iterates over the items while the pipeline is built, which is an error.
    #[doc(hidden)]
    #[expect(clippy::should_implement_trait, reason = "rustc would report the conditions of `IntoIterator`")]
    pub fn into_iter(self) -> std::vec::IntoIter<Out<T>>
    where
        Vec<T>: IterableWhileBuilding,
    {
        self.iter()
    }
}

/// A type that can be the condition of `if` or `while`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the condition of `if` or `while`",
    label = "the condition is evaluated only when the pipeline runs",
    note = "use `p.when(\"name\", condition, |p| ..)`, and `.otherwise(|p| ..)` for `else`",
    note = "combine conditions with `&`, `|` and `!`"
)]
pub trait KnownCondition {
    /// Returns the condition.
    fn known(self) -> bool;
}

impl KnownCondition for bool {
    fn known(self) -> bool {
        self
    }
}

/// Returns a condition of `if` or `while`. `#[pipeline]` passes comparisons to it.
pub fn known_condition(condition: impl KnownCondition) -> bool {
    condition.known()
}
