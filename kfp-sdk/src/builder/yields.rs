//! The values that the bodies of branches, loops and exit handlers return.

use super::task::Task;
use crate::handle::Out;
use crate::notes::{Node, Raw, TaskRef, note_of_task};
use crate::value::{Optional, Value};

/// A type that a body can return: a handle, a tuple of handles, or `()`.
#[diagnostic::on_unimplemented(
    message = "a body cannot return `{Self}`",
    label = "expected a handle, a tuple of handles, or `()`",
    note = "use `p.constant(..)` to turn a constant into a handle"
)]
pub trait Yield {
    /// The values outside a body that runs exactly once.
    type Outside;
    /// The values outside a body that may not run.
    type Optional;
    /// The values outside a body that runs for each item of a list.
    type Collected;

    /// Records the values under names that start with `name`.
    fn record(&self, name: &str, yields: &mut Vec<(String, Raw)>);
    /// Returns the values outside a body that runs exactly once.
    fn outside(from: &Producer, name: &str) -> Self::Outside;
    /// Returns the values outside a body that may not run.
    fn optional(from: &Producer, name: &str) -> Self::Optional;
    /// Returns the collected values of all items.
    fn collected(from: &Producer, name: &str) -> Self::Collected;
}

/// The task that produces the values of a body.
pub struct Producer {
    task: TaskRef,
    /// Whether the values are used in the exit region of the task, an exit handler.
    in_exit: bool,
}

impl Producer {
    /// The values as outputs of the task.
    pub(super) fn outputs_of(task: TaskRef) -> Self {
        Self { task, in_exit: false }
    }

    /// The values in the exit region of an exit handler.
    pub(super) fn body_of(task: TaskRef) -> Self {
        Self { task, in_exit: true }
    }

    fn handle<T: Value>(&self, name: &str) -> Out<T> {
        let node = if self.in_exit { Node::BodyOutput } else { Node::Output };
        Out::from_raw(note_of_task(self.task, node(self.task, name.to_owned())))
    }
}

impl<T: Value> Yield for Out<T> {
    type Outside = Self;
    type Optional = Out<Optional<T>>;
    type Collected = Out<Vec<T>>;

    fn record(&self, name: &str, yields: &mut Vec<(String, Raw)>) {
        yields.push((name.to_owned(), self.raw()));
    }

    fn outside(from: &Producer, name: &str) -> Self {
        from.handle(name)
    }

    fn optional(from: &Producer, name: &str) -> Out<Optional<T>> {
        from.handle(name)
    }

    fn collected(from: &Producer, name: &str) -> Out<Vec<T>> {
        from.handle(name)
    }
}

/// Implements [`Yield`] for types without values.
macro_rules! empty_yields {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<$($generics)*> Yield for $type {
            type Outside = ();
            type Optional = ();
            type Collected = ();

            fn record(&self, _: &str, _: &mut Vec<(String, Raw)>) {}
            fn outside(_: &Producer, _: &str) {}
            fn optional(_: &Producer, _: &str) {}
            fn collected(_: &Producer, _: &str) {}
        }
    )*};
}

empty_yields! {
    [] ();
    [O] Task<O>;
}

macro_rules! tuples {
    ($($($item:ident $idx:tt $number:literal),+;)*) => {$(
        impl<$($item: Yield),+> Yield for ($($item,)+) {
            type Outside = ($($item::Outside,)+);
            type Optional = ($($item::Optional,)+);
            type Collected = ($($item::Collected,)+);

            fn record(&self, name: &str, yields: &mut Vec<(String, Raw)>) {
                $(self.$idx.record(&format!("{name}_{}", $number), yields);)+
            }

            fn outside(from: &Producer, name: &str) -> Self::Outside {
                ($($item::outside(from, &format!("{name}_{}", $number)),)+)
            }

            fn optional(from: &Producer, name: &str) -> Self::Optional {
                ($($item::optional(from, &format!("{name}_{}", $number)),)+)
            }

            fn collected(from: &Producer, name: &str) -> Self::Collected {
                ($($item::collected(from, &format!("{name}_{}", $number)),)+)
            }
        }
    )*};
}

tuples! {
    A 0 1;
    A 0 1, B 1 2;
    A 0 1, B 1 2, C 2 3;
    A 0 1, B 1 2, C 2 3, D 3 4;
    A 0 1, B 1 2, C 2 3, D 3 4, E 4 5;
    A 0 1, B 1 2, C 2 3, D 3 4, E 4 5, F 5 6;
}
