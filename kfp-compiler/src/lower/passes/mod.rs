//! Independent passes over the plan, and checks of its limits.

pub(super) mod failures;
pub(super) mod limits;
pub(super) mod nesting;
pub(super) mod number;
pub(super) mod share;
pub(super) mod share_steps;
pub(super) mod sources;
pub(super) mod target;
pub(super) mod wrap;
