//! References to tasks.

use std::marker::PhantomData;

/// The number of a task in the notes of a build.
#[derive(Clone, Copy)]
pub struct TaskRef {
    build: u32,
    number: u32,
    not_send: PhantomData<*const ()>,
}

impl TaskRef {
    /// The reference to a task that is added while no pipeline is being built.
    pub(crate) const DEAD: Self = Self { build: 0, number: 0, not_send: PhantomData };

    pub(crate) fn new(build: u32, number: usize) -> Self {
        Self { build, number: u32::try_from(number).unwrap_or(u32::MAX), not_send: PhantomData }
    }

    pub(crate) fn build(self) -> u32 {
        self.build
    }

    pub(crate) fn number(self) -> usize {
        self.number as usize
    }
}
