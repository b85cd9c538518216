//! Passes over the plan, each without knowledge of the others, and what is held against its limits.

pub(super) mod failures;
pub(super) mod limits;
pub(super) mod nesting;
pub(super) mod number;
pub(super) mod share;
pub(super) mod share_steps;
pub(super) mod target;
pub(super) mod wrap;
