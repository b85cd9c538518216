//! The untyped part of a handle.

use std::marker::PhantomData;

/// The index of a note of one build of a pipeline.
///
/// It is neither `Send` nor `Sync`, because notes belong to the thread that builds the pipeline.
#[derive(Clone, Copy)]
pub struct Raw {
    pub(crate) build: u32,
    pub(crate) node: u32,
    not_send: PhantomData<*const ()>,
}

impl Raw {
    /// The result of operations while no pipeline is being built.
    pub(crate) const DEAD: Self = Self::new(0, 0);

    pub(crate) const fn new(build: u32, node: u32) -> Self {
        Self { build, node, not_send: PhantomData }
    }
}
