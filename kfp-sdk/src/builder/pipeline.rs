//! The builder that a pipeline function receives.

use std::marker::PhantomData;

/// A pipeline that is being built: the first parameter of a pipeline function.
///
/// All bodies of a pipeline share one builder. A task is added to the body that is running, whichever `p` is used.
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
