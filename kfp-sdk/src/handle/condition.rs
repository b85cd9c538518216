//! Conditions, and their combination with `&`, `|` and `!`.

use std::ops::{BitAnd, BitOr, Not};

use super::out::Out;
use crate::notes::{ConditionNode, Node, Raw, note_condition};
use crate::value::Value;

/// A condition that is evaluated when the pipeline runs, for [`Pipeline::when`](crate::Pipeline::when).
///
/// Comparisons of handles return conditions; `&`, `|` and `!` combine them.
#[derive(Clone, Copy)]
#[must_use = "a condition does nothing unless it is passed to `p.when(..)`"]
pub struct Cond(Raw);

/// A value that can be used as a condition: a [`Cond`] or an `Out<bool>`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used as a condition",
    label = "expected a comparison or an `Out<bool>`",
    note = "compare handles with `.gt(..)`, `.ge(..)`, `.lt(..)`, `.le(..)`, `.eq(..)` and `.ne(..)`",
    note = "combine conditions with `&`, `|` and `!`"
)]
pub trait IntoCond {
    /// Returns the condition.
    fn into_cond(self) -> Cond;
}

impl Cond {
    /// Records a condition in the pipeline that is being built.
    #[track_caller]
    pub(crate) fn of(node: ConditionNode) -> Self {
        Self(note_condition(node))
    }

    pub(crate) fn raw(self) -> Raw {
        self.0
    }
}

impl<T: Value> Out<Option<T>> {
    /// Returns the condition that the option has a value.
    #[track_caller]
    pub fn is_some(self) -> Cond {
        Cond::of(ConditionNode::Present(Node::Handle(self.raw())))
    }

    /// Returns the condition that the option has no value.
    #[track_caller]
    pub fn is_none(self) -> Cond {
        !self.is_some()
    }
}

#[diagnostic::do_not_recommend]
impl IntoCond for Cond {
    fn into_cond(self) -> Cond {
        self
    }
}

#[diagnostic::do_not_recommend]
impl IntoCond for Out<bool> {
    #[track_caller]
    fn into_cond(self) -> Cond {
        Cond::of(ConditionNode::IsTrue(Node::Handle(self.raw())))
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
