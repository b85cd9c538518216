//! What bodies of branches, loops and guards return, and how it is seen from outside.

use super::task::Task;
use crate::handle::Out;
use crate::notes::{Node, Raw, TaskRef, note_of_task};
use crate::value::{Optional, Value};

/// What a body may return: a handle, nothing, or several handles as a tuple.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot leave a body",
    label = "expected a handle, a tuple of handles, or nothing",
    note = "a constant becomes a handle by `p.constant(..)`"
)]
pub trait Yield {
    /// What is seen outside where the body runs exactly once.
    type Outside;
    /// What is seen outside where the body may not run.
    type Maybe;
    /// What is seen outside where the body runs for each item of a list.
    type Collected;

    /// Notes the values under names that begin with `name`.
    fn record(&self, name: &str, yields: &mut Vec<(String, Raw)>);
    /// The values as they are outside.
    fn outside(from: &Source, name: &str) -> Self::Outside;
    /// The values as they are outside, if there are any.
    fn maybe(from: &Source, name: &str) -> Self::Maybe;
    /// The values of all items as they are outside.
    fn collected(from: &Source, name: &str) -> Self::Collected;
}

/// The task whose body has yielded.
pub struct Source {
    task: TaskRef,
    guarded: bool,
}

impl Source {
    /// What everybody after the task sees.
    pub(super) fn outputs_of(task: TaskRef) -> Self {
        Self { task, guarded: false }
    }

    /// What the exit region of the guard sees.
    pub(super) fn guarded_by(task: TaskRef) -> Self {
        Self { task, guarded: true }
    }

    fn handle<T: Value>(&self, name: &str) -> Out<T> {
        let node = if self.guarded { Node::Guarded } else { Node::Output };
        Out::from_raw(note_of_task(self.task, node(self.task, name.to_owned())))
    }
}

impl<T: Value> Yield for Out<T> {
    type Outside = Self;
    type Maybe = Out<Optional<T>>;
    type Collected = Out<Vec<T>>;

    fn record(&self, name: &str, yields: &mut Vec<(String, Raw)>) {
        yields.push((name.to_owned(), self.raw()));
    }

    fn outside(from: &Source, name: &str) -> Self {
        from.handle(name)
    }

    fn maybe(from: &Source, name: &str) -> Out<Optional<T>> {
        from.handle(name)
    }

    fn collected(from: &Source, name: &str) -> Out<Vec<T>> {
        from.handle(name)
    }
}

/// Says that nothing leaves a body that returns the type.
macro_rules! nothing {
    ($([$($generics:tt)*] $type:ty;)*) => {$(
        impl<$($generics)*> Yield for $type {
            type Outside = ();
            type Maybe = ();
            type Collected = ();

            fn record(&self, _: &str, _: &mut Vec<(String, Raw)>) {}
            fn outside(_: &Source, _: &str) {}
            fn maybe(_: &Source, _: &str) {}
            fn collected(_: &Source, _: &str) {}
        }
    )*};
}

nothing! {
    [] ();
    [O] Task<O>;
}

macro_rules! tuples {
    ($($($item:ident $idx:tt $number:literal),+;)*) => {$(
        impl<$($item: Yield),+> Yield for ($($item,)+) {
            type Outside = ($($item::Outside,)+);
            type Maybe = ($($item::Maybe,)+);
            type Collected = ($($item::Collected,)+);

            fn record(&self, name: &str, yields: &mut Vec<(String, Raw)>) {
                $(self.$idx.record(&format!("{name}_{}", $number), yields);)+
            }

            fn outside(from: &Source, name: &str) -> Self::Outside {
                ($($item::outside(from, &format!("{name}_{}", $number)),)+)
            }

            fn maybe(from: &Source, name: &str) -> Self::Maybe {
                ($($item::maybe(from, &format!("{name}_{}", $number)),)+)
            }

            fn collected(from: &Source, name: &str) -> Self::Collected {
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
