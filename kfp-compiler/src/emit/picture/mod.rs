//! The content of a picture of a pipeline, independent of the output format.
//!
//! The main type is [`Area`]: the tasks of a region and the arrows between them. It has no coordinates.

mod build;
pub(crate) mod describe;
mod shapes;

pub(super) use build::area;
pub(super) use shapes::{Area, Arm, Frame, StepKind, Unit};
