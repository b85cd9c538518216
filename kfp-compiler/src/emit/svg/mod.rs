//! Pictures in SVG, with an own layout.
//!
//! The main function is [`svg`]. A region is laid out in rows, in execution order. A task with regions is laid out from
//! the inside and is one block in the rows around it. All coordinates are integers, so that the picture is the same on
//! every machine.

mod block;
mod document;
mod layers;
mod place;
mod text_width;

pub use document::{svg, svg_of_run};
