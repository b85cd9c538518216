//! Conditions put together with `&`, `|` and `!`.

use std::ops::{BitAnd, BitOr, Not};

use super::out::Out;
use crate::notes::{ConditionNode, Node, Raw, note_condition};
use crate::value::Value;

/// What decides at run time whether a branch is taken.
///
/// Comparisons of handles give one; `&`, `|` and `!` put them together.
#[derive(Clone, Copy)]
#[must_use = "a condition does nothing by itself: give it to `p.when(..)`"]
pub struct Cond(Raw);

/// What can be a condition: a [`Cond`] or an `Out<bool>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no condition",
    label = "expected a comparison or an `Out<bool>`",
    note = "handles are compared by `.gt(..)`, `.ge(..)`, `.lt(..)`, `.le(..)`, `.eq(..)` and `.ne(..)`",
    note = "conditions are put together by `&`, `|` and `!`"
)]
pub trait IntoCond {
    /// The condition.
    fn into_cond(self) -> Cond;
}

impl Cond {
    /// A new condition of the pipeline that is being built.
    #[track_caller]
    pub(crate) fn of(node: ConditionNode) -> Self {
        Self(note_condition(node))
    }

    pub(crate) fn raw(self) -> Raw {
        self.0
    }
}

impl<T: Value> Out<Option<T>> {
    /// Whether there is a value.
    #[track_caller]
    pub fn is_some(self) -> Cond {
        Cond::of(ConditionNode::Present(Node::Handle(self.raw())))
    }

    /// Whether there is no value.
    #[track_caller]
    pub fn is_none(self) -> Cond {
        !self.is_some()
    }
}

impl IntoCond for Cond {
    fn into_cond(self) -> Cond {
        self
    }
}

impl IntoCond for Out<bool> {
    #[track_caller]
    fn into_cond(self) -> Cond {
        Cond::of(ConditionNode::Holds(Node::Handle(self.raw())))
    }
}

macro_rules! operators {
    ($($type:ty),*) => {$(
        impl<C: IntoCond> BitAnd<C> for $type {
            type Output = Cond;

            #[track_caller]
            fn bitand(self, other: C) -> Cond {
                Cond::of(ConditionNode::And(self.into_cond().0, other.into_cond().0))
            }
        }

        impl<C: IntoCond> BitOr<C> for $type {
            type Output = Cond;

            #[track_caller]
            fn bitor(self, other: C) -> Cond {
                Cond::of(ConditionNode::Or(self.into_cond().0, other.into_cond().0))
            }
        }

        impl Not for $type {
            type Output = Cond;

            #[track_caller]
            fn not(self) -> Cond {
                Cond::of(ConditionNode::Not(self.into_cond().0))
            }
        }
    )*};
}

operators!(Cond, Out<bool>);
