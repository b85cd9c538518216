//! What all handles consist of.

use std::marker::PhantomData;

/// A place in the notes of one build of a pipeline.
///
/// It is neither `Send` nor `Sync`, as the notes belong to the thread that builds.
#[derive(Clone, Copy)]
pub struct Raw {
    pub(crate) build: u32,
    pub(crate) node: u32,
    not_send: PhantomData<*const ()>,
}

impl Raw {
    /// A value of no pipeline: what an operation gives that is carried out while none is being built.
    pub(crate) const DEAD: Self = Self::new(0, 0);

    pub(crate) const fn new(build: u32, node: u32) -> Self {
        Self { build, node, not_send: PhantomData }
    }
}
