//! What a picture of a pipeline shows, whatever it is written in.
//!
//! The main type is [`Area`]: the tasks of a region and the arrows between them. Nothing here knows of Mermaid,
//! DOT or SVG, and of no coordinates either.

mod build;
mod shapes;
pub(crate) mod words;

pub(super) use build::area;
pub(super) use shapes::{Area, Arm, Frame, StepKind, Unit};
