//! The builder that pipeline functions receive.

use std::marker::PhantomData;

/// A pipeline that is being built: the first parameter of every pipeline function.
///
/// There is one for each pipeline. What is added goes to the body that the call stands in, whichever `p` is
/// used.
pub struct Pipeline {
    build: u32,
    not_send: PhantomData<*const ()>,
}

impl Pipeline {
    pub(super) fn of(build: u32) -> Self {
        Self { build, not_send: PhantomData }
    }

    pub(super) fn build(&self) -> u32 {
        self.build
    }
}
